// Sends known telemetry with encoders that are not ours: `node send.mjs HTTP_URL GRPC_URL`. Prints, as one JSON object,
// what each client was told. What is sent is written again in test_foreign_encoders.py, which reads it back from the store.
import { SpanKind, SpanStatusCode, TraceFlags, trace, ROOT_CONTEXT } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';
const FORMS = ['proto', 'http', 'grpc']; // of OTLP: each span has a span id, each event an event id of its own form
const spanId = (form) => `00f067aa0ba902b${FORMS.indexOf(form)}`;
const AT = [1772616600, 123456789]; // 2026-03-04T09:30:00.123456789Z
const LATER = [1772616601, 123456790];
const ATTRIBUTES = {
  text: 'Zürich 😀', whole: 9007199254740994, negative: -7, part: 0.1, yes: true, no: false, list: ['a', 'b'],
};
const resource = resourceFromAttributes({ 'service.name': 'erp-adapter', 'stallwatch.integration': 'erp' });
const parent = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: TRACE_ID, spanId: PARENT_ID, traceFlags: TraceFlags.SAMPLED, isRemote: true,
});

function spans(form) {
  const memory = new InMemorySpanExporter();
  const idGenerator = { generateTraceId: () => TRACE_ID, generateSpanId: () => spanId(form) };
  const provider = new TracerProvider({ resource, idGenerator, spanProcessors: [new SimpleSpanProcessor({ exporter: memory })] });
  const attributes = { ...ATTRIBUTES, 'stallwatch.objects': ['invoice:INV-1', 'purchase_order:45'] };
  const span = provider.getTracer('foreign').startSpan(
    'post invoice', { kind: SpanKind.CLIENT, startTime: AT, attributes }, parent);
  span.addEvent('retry', { attempt: 2 }, AT);
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'refused' });
  span.end(LATER);
  return memory.getFinishedSpans();
}

function logRecords(form) {
  const memory = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter: memory })] });
  provider.getLogger('foreign').emit({
    eventName: 'invoice.received', timestamp: AT, observedTimestamp: LATER, severityNumber: SeverityNumber.INFO,
    context: parent,
    attributes: {
      ...ATTRIBUTES, 'stallwatch.event.id': form, 'stallwatch.subject': 'invoice:INV-1',
      'stallwatch.objects': ['purchase_order:45'], 'stallwatch.amount': 12.5, 'stallwatch.currency': 'USD',
    },
  });
  return memory.getFinishedLogRecords();
}

async function exporter(signal, form, url) {
  const [name, made] = signal === 'traces' ? ['trace', 'OTLPTraceExporter'] : ['logs', 'OTLPLogExporter'];
  const module = await import(`@opentelemetry/exporter-${name}-otlp-${form}`);
  return new module[made]({ url: form === 'grpc' ? url : `${url}/v1/${signal}`, compression: 'gzip' });
}

async function exported(signal, form, url) {
  const client = await exporter(signal, form, url);
  const items = signal === 'traces' ? spans(form) : logRecords(form);
  const result = await new Promise((resolve) => { client.export(items, resolve); });
  await client.shutdown();
  return { sent: items.length, code: result.code, error: result.error?.message ?? '' };
}

async function cloudEvents(form, url) {
  const { CloudEvent, HTTP } = await import('cloudevents');
  const event = (id) => new CloudEvent({
    id, source: '/erp', type: 'invoice.received', time: '2026-03-04T09:30:00.123Z', // This client does not percent-encode headers, as the binding asks; what is not ASCII it cannot send in them.
    subject: form === 'binary' ? 'invoice/100% INV' : 'invoice/Zü 😀 100%',
    traceparent: `00-${TRACE_ID}-${PARENT_ID}-01`, integration: 'erp',
    data: { objects: ['purchase_order:45'], amount: 12.5, currency: 'USD', note: 'Zürich 😀', whole: 9007199254740994, yes: true },
  });
  const message = form === 'batch'
    ? { headers: { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' }, body: JSON.stringify([event('batch 1'), event('batch 2')]) }
    : HTTP[form](event(form));
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: message.headers, body: message.body });
  return { code: answer.status, answer: await answer.json() };
}

const [httpUrl, grpcUrl] = process.argv.slice(2);
const told = {};
for (const signal of ['traces', 'logs']) {
  for (const form of FORMS) told[`${signal} ${form}`] = await exported(signal, form, form === 'grpc' ? grpcUrl : httpUrl);
}
for (const form of ['binary', 'structured', 'batch']) told[`events ${form}`] = await cloudEvents(form, httpUrl);
console.log(JSON.stringify(told));
