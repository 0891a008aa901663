package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import java.nio.file.Path;
import java.util.List;

/** An experiment on the bed of five machines alike, with the small model of that bed and no other. */
abstract class FiveAlikeExperiment extends BedExperiment {

    @Override
    final List<String> beds() {
        return List.of(FiveAlike.FILE);
    }

    @Override
    final void prepare(Path out, Settings settings, Terminal terminal) {
        if (!settings.models().isEmpty()) {
            throw CommandException.usage(name() + " has its own model and takes no --model.");
        }
    }
}
