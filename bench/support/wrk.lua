-- One POST, again and again; the result as one line of JSON. Parameters: BODY PAUSE, the pause in milliseconds.

function init(parameters)
  wrk.method, wrk.body = "POST", parameters[1]
  local pause = tonumber(parameters[2])
  -- wrk looks for this name once it has been here.
  if pause > 0 then delay = function() return pause end end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"perSecond":%.1f,"p99Ms":%.3f,"failures":%d}\n',
    summary.requests, summary.requests / (summary.duration / 1e6), latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
