package dev.tandem.deploy.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A terminal whose output a test can read. */
final class CapturedTerminal {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal;

    CapturedTerminal(boolean isInteractive) {
        this.terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                isInteractive,
                isInteractive);
    }

    /** A terminal that nobody watches. */
    static CapturedTerminal unwatched() {
        return new CapturedTerminal(false);
    }

    Terminal terminal() {
        return terminal;
    }

    ExitCode run(String... arguments) {
        return Program.run(terminal, arguments);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
