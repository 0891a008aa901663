package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import java.nio.file.Path;
import java.util.List;

/** An experiment on the bed of five machines alike, with the small model of that bed unless another is asked for. */
abstract class FiveAlikeExperiment extends BedExperiment {

    @Override
    List<String> beds() {
        return List.of(FiveAlike.FILE);
    }

    @Override
    final void prepare(Path out, Settings settings, Terminal terminal) {
        if (settings.models().size() > 1) {
            throw CommandException.usage(
                    name() + " takes one --model, not " + settings.models() + ". Maybe run it once for each.");
        }
        var unused = BuiltInModel.named(model(settings));
    }

    /** Name of the built-in model. */
    static String model(Settings settings) {
        return settings.models().stream().findFirst().orElse(FiveAlike.MODEL);
    }

    /** What its files in the folder are called: each model has some of its own. */
    final String title(Settings settings) {
        return model(settings).equals(FiveAlike.MODEL) ? name() : name() + "-" + model(settings);
    }

    /** Its log in a folder. */
    final Path logFile(Path out, Settings settings) {
        return out.resolve(title(settings) + ".jsonl");
    }

    /** The command that goes on from what is in the folder. */
    final String commandLine(Settings settings, String options) {
        return "tandem experiment " + name()
                + (model(settings).equals(FiveAlike.MODEL) ? "" : " --model " + model(settings)) + " " + options
                + " --out DIR";
    }
}
