package dev.tandem.deploy.cli;

import dev.tandem.core.plan.Plan;
import dev.tandem.deploy.wiring.PlanJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Plan files as arguments. */
final class PlanFiles {

    private PlanFiles() {}

    /** The plan in a file; what cannot be read is refused. */
    static Plan read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw CommandException.usage(
                    "plan " + file + ": no such file. Maybe write it with 'tandem plan MODEL --json > " + file + "'.");
        }
        try {
            return PlanJson.read(Files.readAllBytes(file)).plan();
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, file + ": " + e.getMessage(), e);
        }
    }
}
