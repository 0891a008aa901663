package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.Command;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a recorded measurement. */
@CommandLine.Command(
        name = "experiment",
        header = "Run a recorded measurement of this system.",
        description = {
            "",
            "Without a name, lists what there is. Results are JSON on standard output, medians with every round beside them.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem experiment",
            "  tandem experiment pipeline-ceiling --model resnet-50 --model vgg-16",
            "  tandem experiment labelled-images --data DIR --limit 200",
            "  tandem experiment codecs --data DIR --limit 150 --seconds 0.2 --out DIR",
            "  tandem experiment wire --seconds 3",
            "  tandem experiment small-memory",
            "  tandem experiment reload",
            "  tandem experiment hidp",
            "  tandem experiment edgeld --out DIR",
            "  tandem experiment disnet --seed 1 --out DIR",
            "  tandem experiment accuracy-share --seed 1 --out DIR",
            "  tandem experiment parthasarathy --out DIR",
            "  tandem experiment predicted --seconds 1 --out DIR",
            "  tandem experiment emulated-memory --rounds 1 --out DIR",
            "  tandem experiment emulated-accuracy --data DIR --seconds 4 --out DIR",
            "  tandem experiment emulated-hidp --rounds 3 --seconds 6 --out DIR",
            "  tandem experiment emulated-survival --rounds 10 --seconds 5 --out DIR",
            "  tandem experiment emulated-drift --rounds 3 --seconds 8 --out DIR",
            "  tandem experiment emulated-noise --seconds 600 --seed 1 --out DIR",
            "  tandem experiment emulated-overload --rounds 1 --seconds 300 --out DIR",
            "  tandem experiment emulated-upheaval --rounds 1 --seconds 8 --out DIR",
            "  tandem experiment emulated-soak --seconds 1800 --seed 1 --out DIR",
            "  tandem experiment emulated --rounds 3 --seconds 6 --data DIR --out DIR"
        })
public final class ExperimentCommand implements Command {

    private static final List<Experiment> EMULATED = List.of(
            new EmulatedMemory(),
            new EmulatedPipelines(),
            new EmulatedAccuracy(),
            new EmulatedEdgeDi(),
            new EmulatedHiDp());

    private static final List<Experiment> OTHERS = List.of(
            new PipelineCeiling(),
            new LabelledImages(),
            new Codecs(),
            new Endurance(),
            new Footprint(),
            new PredictedMemory(),
            new SmallMemory(),
            new Wire(),
            new Reloads(),
            new HiDpBoards(),
            new EdgeLd(),
            new DisNetMeshes(),
            new GrowingClusters(),
            new AccuracyShare(),
            new Parthasarathy(),
            new PredictedAndMeasured(),
            new EmulatedAll(EMULATED),
            new EmulatedLinks(),
            new EmulatedSurvival(),
            new EmulatedDrift(),
            new EmulatedNoise(),
            new EmulatedOverload(),
            new EmulatedUpheaval(),
            new EmulatedSoak());

    private static final List<Experiment> ALL =
            Stream.concat(OTHERS.stream(), EMULATED.stream()).toList();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The experiment.")
    private @Nullable String name;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "An architecture of 'tandem zoo --list', or what the experiment has; may be repeated.")
    private List<String> models = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Repetitions. Default: 5.")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "8",
            description = "Length of each measurement. Default: 8.")
    private double seconds;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder with real models and pictures.")
    private @Nullable Path data;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Most pictures per model. Default: 1000.")
    private int limit;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of what is drawn at random. Default: 1.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for CSV, Markdown and SVG, of experiments that write them.")
    private @Nullable Path out;

    @Option(
            names = "--bed",
            paramLabel = "NAME",
            description =
                    "Only measure, on this test bed that is up, from the client's place: 'tandem testbed run NAME --"
                            + " tandem experiment ... --bed NAME'. Without it the emulated experiments make their beds.")
    private @Nullable String bed;

    @Override
    public ExitCode run(Terminal terminal) throws Exception {
        if (name == null) {
            ALL.forEach(experiment -> terminal.line(experiment.name() + "  " + experiment.purpose()));
            return ExitCode.OK;
        }
        if (rounds < 1 || seconds <= 0) {
            throw CommandException.usage("--rounds (" + rounds + ") and --seconds (" + seconds + ") must be above 0.");
        }
        Experiment experiment = ALL.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CommandException.usage("no experiment '" + name + "'; there is "
                        + ALL.stream().map(Experiment::name).collect(Collectors.joining(", ")) + "."));
        terminal.json(experiment.run(
                new Experiment.Settings(
                        models,
                        rounds,
                        seconds,
                        Optional.ofNullable(data),
                        limit,
                        seed,
                        Optional.ofNullable(out),
                        Optional.ofNullable(bed)),
                terminal));
        return ExitCode.OK;
    }
}
