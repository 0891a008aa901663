package dev.tandem.deploy.wiring;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tandem.core.cost.ResourceKind;
import dev.tandem.core.sim.Span;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A timeline as a file of Chrome trace events, which Perfetto and chrome://tracing open: a track per core group and per
 * link, in the order in which they are first used. Written as it comes, so that long simulations need no memory for it.
 *
 * <pre>
 * {"displayTimeUnit": "ms", "traceEvents": [
 *   {"ph": "M", "name": "thread_name", "pid": 1, "tid": 1, "args": {"name": "pi-5/cpu"}},
 *   {"ph": "X", "name": "#0 0.0", "cat": "compute", "pid": 1, "tid": 1, "ts": MICROS, "dur": MICROS,
 *    "args": {"request": 0, "lane": 0, "work": "0.0"}}, ...]}
 * </pre>
 *
 * <p>Process 1 is the core groups, process 2 the links. Used by one thread.
 */
public final class TimelineFile implements Consumer<Span>, AutoCloseable {

    private static final int CORE_GROUPS = 1;
    private static final int LINKS = 2;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int NANO_DIGITS_OF_MICROS = 3;

    private final JsonGenerator json;
    private final Map<String, Integer> tracks = new HashMap<>();

    private TimelineFile(JsonGenerator json) {
        this.json = json;
    }

    /** Opens the file, in place of one that may be there. */
    public static TimelineFile open(Path file) throws IOException {
        return begin(Files.newOutputStream(file));
    }

    /** Takes the stream over, also when it cannot be written to. */
    static TimelineFile begin(OutputStream out) throws IOException {
        try {
            TimelineFile timeline = new TimelineFile(new JsonFactory().createGenerator(out, JsonEncoding.UTF8));
            timeline.writeHeader();
            return timeline;
        } catch (IOException | RuntimeException e) {
            closeAfter(e, out);
            throw e;
        }
    }

    private static void closeAfter(Exception failure, OutputStream out) {
        try {
            out.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Flushed, so that a file that cannot be written is known before anything is simulated. */
    private void writeHeader() throws IOException {
        json.writeStartObject();
        json.writeStringField("displayTimeUnit", "ms");
        json.writeArrayFieldStart("traceEvents");
        writeName("process_name", CORE_GROUPS, 0, "core groups");
        writeName("process_name", LINKS, 0, "links");
        json.flush();
    }

    /** @throws UncheckedIOException when the file cannot be written */
    @Override
    public void accept(Span span) {
        try {
            write(span);
        } catch (IOException e) {
            throw new UncheckedIOException("the timeline cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        json.close();
    }

    private void write(Span span) throws IOException {
        boolean computes = span.kind() == ResourceKind.CORE_GROUP;
        int process = computes ? CORE_GROUPS : LINKS;
        int track = track(process, span.resource());
        long begin = nanos(span.beginSeconds());
        json.writeStartObject();
        json.writeStringField("ph", "X");
        json.writeStringField("name", "#" + span.request() + " " + span.work());
        json.writeStringField("cat", computes ? "compute" : "transfer");
        json.writeNumberField("pid", process);
        json.writeNumberField("tid", track);
        writeMicros("ts", begin);
        writeMicros("dur", nanos(span.endSeconds()) - begin);
        json.writeObjectFieldStart("args");
        json.writeNumberField("request", span.request());
        json.writeNumberField("lane", span.lane());
        json.writeStringField("work", span.work());
        json.writeEndObject();
        json.writeEndObject();
    }

    private int track(int process, String resource) throws IOException {
        Integer known = tracks.get(resource);
        if (known != null) {
            return known;
        }
        int track = tracks.size() + 1;
        tracks.put(resource, track);
        writeName("thread_name", process, track, resource);
        return track;
    }

    private void writeName(String kind, int process, int track, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("ph", "M");
        json.writeStringField("name", kind);
        json.writeNumberField("pid", process);
        json.writeNumberField("tid", track);
        json.writeObjectFieldStart("args");
        json.writeStringField("name", name);
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Whole nanoseconds, so that spans that follow each other do not overlap by rounding. */
    private static long nanos(double seconds) {
        return Math.round(seconds * NANOS_PER_SECOND);
    }

    private void writeMicros(String field, long nanos) throws IOException {
        json.writeNumberField(field, BigDecimal.valueOf(nanos, NANO_DIGITS_OF_MICROS));
    }
}
