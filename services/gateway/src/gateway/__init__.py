"""The gateway: the one public HTTP door. It owns no data and decides no rule of the programme."""
