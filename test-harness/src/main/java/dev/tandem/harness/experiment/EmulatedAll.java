package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All experiments on emulated machines, one after the other, each in a folder of its own. The same command goes on where one
 * before it has stopped; what cannot run here, such as what needs data that is not there, is told and left out.
 */
final class EmulatedAll implements Experiment {

    private final List<Experiment> parts;

    EmulatedAll(List<Experiment> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * What came of a part.
     *
     * @param minutes that it took this time
     * @param outcome its own result, or why there is none
     */
    record Part(double minutes, Object outcome) {}

    @Override
    public String name() {
        return "emulated";
    }

    @Override
    public String purpose() {
        return "all of the emulated-... experiments, each in a folder of its own; goes on where it stopped";
    }

    @Override
    public Object run(Settings settings, Terminal terminal) throws Exception {
        Path out = settings.out()
                .orElseThrow(() -> CommandException.usage("--out DIR is needed: a folder for each experiment."));
        if (!settings.models().isEmpty()) {
            throw CommandException.usage("each experiment has its own models; --model is for one of them: "
                    + String.join(", ", parts.stream().map(Experiment::name).toList()) + ".");
        }
        Map<String, Part> outcomes = new LinkedHashMap<>();
        for (Experiment part : parts) {
            terminal.note("--- " + part.name());
            long start = System.nanoTime();
            Object outcome = outcome(part, within(settings, out.resolve(part.name())), terminal);
            outcomes.put(
                    part.name(),
                    new Part(Duration.ofNanos(System.nanoTime() - start).toSeconds() / 60.0, outcome));
        }
        List<String> failed = outcomes.entrySet().stream()
                .filter(part -> part.getValue().outcome() instanceof Failed)
                .map(Map.Entry::getKey)
                .toList();
        if (!failed.isEmpty()) {
            throw new CommandException(
                    ExitCode.RUNTIME_ERROR,
                    "not measured to the end: " + String.join(", ", failed)
                            + ". What was measured is kept; the same command goes on from there.");
        }
        return outcomes;
    }

    /** Instead of a result. */
    private record Failed(String reason) {}

    /** What cannot run here at all is left out; what broke off is a failure, which the other parts do not wait for. */
    private static Object outcome(Experiment part, Settings settings, Terminal terminal) throws Exception {
        try {
            return part.run(settings, terminal);
        } catch (CommandException e) {
            terminal.note(part.name() + ": " + e.getMessage());
            return e.exitCode() == ExitCode.RUNTIME_ERROR
                    ? new Failed(String.valueOf(e.getMessage()))
                    : "left out: " + e.getMessage();
        }
    }

    private static Settings within(Settings settings, Path folder) {
        return new Settings(
                settings.models(),
                settings.rounds(),
                settings.seconds(),
                settings.data(),
                settings.limit(),
                settings.seed(),
                Optional.of(folder));
    }
}
