package dev.tandem.deploy.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Turns what a command threw into one clear message and an exit code. */
final class Failures {

    private Failures() {}

    static ExitCode report(Terminal terminal, Throwable thrown, boolean verbose) {
        Throwable failure = unwrapped(thrown);
        print(terminal, message(failure), failure, verbose);
        return exitCode(failure);
    }

    static void print(Terminal terminal, String message, Throwable failure, boolean verbose) {
        terminal.err().println("tandem: " + message);
        if (verbose) {
            failure.printStackTrace(terminal.err());
        }
    }

    static ExitCode exitCode(Throwable failure) {
        if (failure instanceof CommandException expected) {
            return expected.exitCode();
        }
        return KnownFailures.exitCode(failure);
    }

    /** What to tell the user. */
    static String message(Throwable failure) {
        String text = failure.getMessage() == null ? "" : failure.getMessage();
        if (failure instanceof NoSuchFileException) {
            return text + ": no such file or folder.";
        }
        if (failure instanceof AccessDeniedException) {
            return text + ": permission denied.";
        }
        if (failure instanceof FileSystemException) {
            return text;
        }
        if (failure instanceof OutOfMemoryError) {
            return "not enough memory for this: " + text
                    + ". Maybe give Java more: TANDEM_JAVA_OPTS=\"-Xmx2g -XX:MaxDirectMemorySize=4g\" for this command, "
                    + "conf/node.options for the members that it starts.";
        }
        boolean explained = text.contains(" ");
        return explained ? text : failure.getClass().getSimpleName() + (text.isEmpty() ? "" : ": " + text);
    }

    private static Throwable unwrapped(Throwable thrown) {
        boolean wrapper = thrown instanceof CompletionException || thrown instanceof ExecutionException;
        return wrapper && thrown.getCause() != null ? unwrapped(thrown.getCause()) : thrown;
    }
}
