-- Sends the requests of a file in turn: METHOD PATH TOKEN BODY, one a line. A command gets a fresh key each time.
-- After the address: the file, and what the keys begin with. Prints one line of JSON at the end.

local requests, sent, prefix = {}, 0, ""

function init(arguments)
  for line in io.lines(arguments[1]) do
    local method, path, token, body = line:match("^(%S+) (%S+) (%S+) ?(.*)$")
    requests[#requests + 1] = { method = method, path = path, token = token, body = body }
  end
  prefix = arguments[2]
end

function request()
  local one = requests[sent % #requests + 1]
  sent = sent + 1
  local headers = { ["Authorization"] = "Bearer " .. one.token }
  if one.method ~= "GET" then
    headers["Content-Type"] = "application/json"
    headers["Idempotency-Key"] = prefix .. sent
  end
  return wrk.format(one.method, one.path, headers, one.body)
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  local p50, p99, p999 = latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency:percentile(99.9) / 1000
  local format = '{"requests": %d, "seconds": %f, "failed": %d, "ms": {"p50": %f, "p99": %f, "p99.9": %f}}\n'
  io.write(format:format(summary.requests, summary.duration / 1e6, failed, p50, p99, p999))
end
