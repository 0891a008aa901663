package dev.tandem.deploy.cli;

/**
 * A command of the program. Implementations carry picocli's annotations for name, help and options, have a public
 * constructor without parameters and are found by {@link java.util.ServiceLoader}.
 */
public interface Command {

    /**
     * Does the work in the calling thread. What it opens it has closed when it returns or throws.
     *
     * @return the code for the shell
     * @throws CommandException for a failure with an exit code of its own
     * @throws Exception for anything else; known kinds have an exit code, the rest is {@link ExitCode#RUNTIME_ERROR}
     */
    ExitCode run(Terminal terminal) throws Exception;
}
