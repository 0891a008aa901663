package dev.tandem.deploy.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Where a command writes: results to standard output, everything else to standard error.
 *
 * @param isInteractive whether a person watches standard error: then progress may overwrite its line
 * @param isScreen whether a person watches standard output: then a page may replace the one before
 */
public record Terminal(PrintStream out, PrintStream err, boolean isInteractive, boolean isScreen) {

    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Double.class, new FiniteNumber())
                    .addSerializer(Double.TYPE, new FiniteNumber()));
    private static final ObjectWriter PRETTY = JSON.writer(SerializationFeature.INDENT_OUTPUT);

    /** Set by the launcher where standard error is a terminal, which Java itself cannot tell. */
    private static final String INTERACTIVE_PROPERTY = "tandem.interactive";

    /** The same for standard output. */
    private static final String SCREEN_PROPERTY = "tandem.screen";

    /** A terminal on whose standard output pages go below each other. */
    public Terminal(PrintStream out, PrintStream err, boolean isInteractive) {
        this(out, err, isInteractive, false);
    }

    /** The streams of this process. */
    public static Terminal ofProcess() {
        return new Terminal(
                System.out, System.err, Boolean.getBoolean(INTERACTIVE_PROPERTY), Boolean.getBoolean(SCREEN_PROPERTY));
    }

    /** A line of the result. */
    public void line(String text) {
        out.println(text);
    }

    /** A line beside the result: what is going on. */
    public void note(String text) {
        err.println("tandem: " + text);
    }

    /** A result for programs, readable by people too: records become objects. */
    public void json(Object value) {
        write(PRETTY, value);
    }

    /** A result for programs on one line, for results of many rows. */
    public void jsonLine(Object value) {
        write(JSON.writer(), value);
    }

    /** @throws CommandException if a part of the result could not be written: the streams themselves only remember it */
    void requireWritten() {
        if (out.checkError()) {
            throw new CommandException(
                    ExitCode.RUNTIME_ERROR,
                    "the result could not be written in full to standard output. Maybe the disk is full or its reader has"
                            + " ended.");
        }
    }

    private void write(ObjectWriter writer, Object value) {
        try {
            out.println(writer.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("result " + value.getClass() + " cannot be written as JSON", e);
        }
    }

    /** JSON knows no infinity and no NaN: null says that there is no number, where a string would have another type. */
    private static final class FiniteNumber extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator generator, SerializerProvider serializers)
                throws IOException {
            if (Double.isFinite(value)) {
                generator.writeNumber(value);
            } else {
                generator.writeNull();
            }
        }
    }
}
