-- One request, again and again; the result as one line of JSON. Parameters: METHOD BODY [PAUSE], the pause in milliseconds.

function init(parameters)
  wrk.method = parameters[1]
  if parameters[2] ~= "" then wrk.body = parameters[2] end
  local pause = tonumber(parameters[3])
  -- wrk looks for this name once it has been here.
  if pause then delay = function() return pause end end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"perSecond":%.1f,"p50Ms":%.3f,"p99Ms":%.3f,"failures":%d}\n',
    summary.requests,
    summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
