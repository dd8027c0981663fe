-- Bodies for wrk: ten alerts each, as Alertmanager sends them (version 4), or the same alerts as a bare list, which is
-- what Alertmanager itself takes. SEEN=1 sends a thousand alerts again and again, otherwise each is new.
local seen = os.getenv("SEEN") == "1"
local list = os.getenv("ENVELOPE") == "list"
local run = os.getenv("RUN") or "00000000"
local severity = os.getenv("SEVERITY") or "warning"
local started = os.date("!%Y-%m-%dT%H:%M:%S", os.time() - 60)
local path = os.getenv("REQUEST_PATH")
local number = 0

local headers = { ["Content-Type"] = "application/json" }
local key = os.getenv("KEY")
if key then headers["Authorization"] = "Bearer " .. key end

local alert = '{"status":"firing","labels":{"alertname":"%s","cluster":"workload-%d","namespace":"shop-%d","pod":"orders-%s-%08x",' ..
  '"severity":"%s","prometheus":"monitoring/kube-prometheus"},"annotations":{"description":"Pod shop/orders-%08x has been ' ..
  'restarting 4.2 times in five minutes.","runbook_url":"https://runbooks.example/pod-crash-looping","summary":"Pod is crash looping."},' ..
  '"startsAt":"%s.123456789Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prometheus.example/graph?g0.expr=rate",' ..
  '"fingerprint":"%s%08x"}'
local names = { "PodCrashLooping", "PodNotReady", "TargetDown", "DiskFillsUp", "JobFailed" }

local function body(first)
  local alerts = {}
  for i = 0, 9 do
    local n = first + i
    alerts[i + 1] = alert:format(names[n % 5 + 1], n % 2 + 1, n % 7, run, n, severity, n, started, run, n)
  end
  local text = "[" .. table.concat(alerts, ",") .. "]"
  if list then return text end
  return '{"receiver":"fortnight","status":"firing","alerts":' .. text .. ',"groupLabels":{},"commonLabels":{},' ..
    '"commonAnnotations":{},"externalURL":"http://alertmanager.example","version":"4","groupKey":"{}:{}","truncatedAlerts":0}'
end

local prepared = {}
function init()
  if seen then
    for i = 0, 99 do prepared[i + 1] = wrk.format("POST", path, headers, body(i * 10)) end
  end
end

function request()
  number = number + 1
  if seen then return prepared[number % 100 + 1] end
  return wrk.format("POST", path, headers, body(number * 10))
end

function done(summary, latency)
  io.write(string.format(
    'FIGURES {"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"maxUs":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
