"""Every metric of the platform that more than one service has, for Prometheus at ``/metrics``.

Where OpenTelemetry or a common exporter has a name for a thing, it has that name here. Labels are bounded: routes as templates,
commands and codes from the code, groups and topics from the registry; no id and nothing of a person is ever a label.
What each means to an operator stands in docs/operations.md.
"""

from prometheus_client import Counter, Gauge, Histogram

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_SLOW = (0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)

COMMANDS = Counter("jianxi_commands_total", "Commands by name and outcome code", ["service", "command", "code"])
REQUEST_SECONDS = Histogram(
    "http_server_request_duration_seconds",
    "Time to answer a request",
    ["service", "http_request_method", "http_route", "http_response_status_code"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
DEPENDENCY_UP = Gauge("jianxi_dependency_up", "1 while a server answers this process, as asked last", ["service", "dependency"])

PENDING_EVENTS = Gauge("jianxi_pending_events", "Events stored and not yet acknowledged by Kafka, in the database", ["service", "store"])
PENDING_SECONDS = Gauge("jianxi_pending_oldest_seconds", "Age of the oldest event not yet acknowledged by Kafka", ["service", "store"])
PUBLISHED_EVENTS = Counter("jianxi_published_events_total", "Events acknowledged by Kafka", ["service", "topic"])
RELAY_FAILURES = Counter(
    "jianxi_relay_failures_total", "Passes of the relay that failed and began again from the stored state", ["service"]
)
RELAY_SHARDS = Gauge("jianxi_relay_shards", "Shards that this replica relays; those of all replicas make up 16", ["service"])

CONSUMER_LAG = Gauge("kafka_consumergroup_lag_sum", "Records of a topic not yet committed by a group", ["consumergroup", "topic"])
CONSUMED_EVENTS = Counter("jianxi_consumed_events_total", "Records handled", ["group", "outcome"])
PROCESS_SECONDS = Histogram(
    "messaging_process_duration_seconds", "Time to handle a batch, all tries together", ["group"], buckets=(*_FAST, 10, 30, 60, 300)
)
BATCH_SECONDS = Gauge("jianxi_consumer_batch_seconds", "For how long a consumer has worked on its batch in hand", ["group"])
CONSUMER_STOPPED = Gauge("jianxi_consumer_stopped", "1 while a consumer waits for an operator: its dead letters are full", ["group"])
CONSUMER_RETRIES = Counter("jianxi_consumer_retries_total", "Batches tried again after an error", ["group"])
DEAD_LETTERS = Gauge("jianxi_dead_letters_open", "Records that wait for an operator", ["group"])

JOB_SECONDS = Histogram("jianxi_job_duration_seconds", "Time of one run of a periodic job", ["service", "job_name"], buckets=_SLOW)
JOB_FAILURES = Counter("jianxi_job_failures_total", "Runs of a periodic job that failed", ["service", "job_name"])
JOB_SUCCESS = Gauge(
    "jianxi_job_last_success_timestamp_seconds", "When a periodic job last ended well, in Unix time", ["service", "job_name"]
)
SWEPT = Counter("jianxi_sweep_items_total", "Items that a sweep acted on", ["sweep", "outcome"])
SWEEP_DELAY = Histogram("jianxi_sweep_delay_seconds", "How long after it was due an item was done", ["sweep"], buckets=_SLOW)
FINDINGS = Gauge("jianxi_check_findings", "Rows that the newest daily check found not to hold (R27)", ["service"])

CONNECTION_WAIT = Histogram(
    "db_client_connection_wait_time_seconds",
    "Wait for a place on the way to the database",
    ["db_client_connection_pool_name"],
    buckets=_FAST,
)
CONNECTIONS = Gauge(
    "db_client_connection_count", "Places on the way to the database", ["db_client_connection_pool_name", "db_client_connection_state"]
)
