package dev.tandem.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintStream;

/**
 * Where a command writes: results to standard output, everything else to standard error.
 *
 * @param isInteractive whether a person watches: then progress may overwrite its line
 */
public record Terminal(PrintStream out, PrintStream err, boolean isInteractive) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectWriter PRETTY = JSON.writer(SerializationFeature.INDENT_OUTPUT);

    /** Set by the launcher where standard error is a terminal, which Java itself cannot tell. */
    private static final String INTERACTIVE_PROPERTY = "tandem.interactive";

    /** The streams of this process. */
    public static Terminal ofProcess() {
        return new Terminal(System.out, System.err, Boolean.getBoolean(INTERACTIVE_PROPERTY));
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

    private void write(ObjectWriter writer, Object value) {
        try {
            out.println(writer.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("result " + value.getClass() + " cannot be written as JSON", e);
        }
    }
}
