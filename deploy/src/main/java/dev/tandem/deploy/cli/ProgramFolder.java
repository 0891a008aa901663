package dev.tandem.deploy.cli;

import dev.tandem.deploy.wiring.Installation;
import java.nio.file.Path;

/** The folder of the program, for commands that start members as users do. */
public final class ProgramFolder {

    private ProgramFolder() {}

    /**
     * Where the launcher that started this process is in the folder {@code bin} of.
     *
     * @throws CommandException when the launcher has not started this process
     */
    public static Path require() {
        return Installation.home()
                .orElseThrow(() -> new CommandException(
                        ExitCode.RUNTIME_ERROR, "the folder of the program is unknown. Start it by bin/tandem."));
    }
}
