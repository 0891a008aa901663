package dev.tandem.deploy.cli;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.node.MemberNode;
import dev.tandem.actors.node.OfferedGroup;
import dev.tandem.actors.node.OfferedGroups;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TandemSettings;
import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.deploy.wiring.ProfileJson;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.profile.ProfileEffort;
import dev.tandem.inference.runtime.CoreGroupSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a model on this machine's core groups. */
@CommandLine.Command(
        name = "profile",
        header = "Measure a model on this machine, for 'tandem plan'.",
        description = {
            "",
            "Runs the model on each core group of this machine, as a member of a cluster would, and writes to FILE how long"
                    + " every layer takes, what a call costs, what cuts cost (parts of the model are taken out and timed),"
                    + " and how much slower narrow shares of the rows run. Run it on each board while it has nothing else"
                    + " to do, and give the files to 'tandem plan --profile'.",
            "",
            "A profile is of use for this model with this ONNX Runtime only; 'tandem plan' refuses others, and old ones."
                    + " Half a minute per core group for a model of some milliseconds, longer for large ones; --quick takes"
                    + " seconds.",
            ""
        },
        footer = {
            "",
            "What is printed: the median time of the whole model and how far it was from that (median distance); a call"
                    + " that computes nothing; what the median cut adds, both sides together; at what share of the full"
                    + " rate one of 4 and of 8 equal shares of the rows runs; and how far predicted times of the sampled"
                    + " parts and shares are from measured ones (median).",
            "",
            "Examples:",
            "  tandem profile resnet50.onnx -o pi.json",
            "  tandem profile resnet50.onnx -o pi.json --threads 2 --quick",
            "  tandem profile resnet50.onnx -o odd.json --cores big=4-7 --cores little=0-3",
            "  tandem plan resnet50.onnx --topology boards.conf --profile odd=odd.json"
        })
public final class ProfileCommand implements Command {

    /** Beyond it the figures say more about what else the machine did than about the model. */
    private static final double MUCH_SPREAD = 0.1;

    @Mixin
    private ModelArgument model = new ModelArgument();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "Where to write the profile.")
    private Path output = Path.of("");

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file of the member.")
    private @Nullable Path config;

    @Option(
            names = {"--cores", "--cpus"},
            paramLabel = "[NAME=]CPUS",
            description =
                    "CPUs of a core group, such as 0-3,6; may be repeated. Default: as 'tandem node' would have them.")
    private List<String> cores = new ArrayList<>();

    @Option(
            names = "--threads",
            paramLabel = "T",
            description = "Threads of one inference. Default: as 'tandem node' would have them.")
    private @Nullable Integer threads;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description =
                    "Timed runs of the model and of each part. Default: 7 to 50, as many as fit into a quarter of a"
                            + " second.")
    private @Nullable Integer repeat;

    @Option(names = "--quick", description = "Fewer samples and runs.")
    private boolean quick;

    @Mixin
    private JsonOption format = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) throws IOException {
        requireArguments();
        Path file = model.file();
        TandemSettings settings = settings();
        List<OfferedGroup> groups = groups(settings);
        groups.forEach(group -> tellOfMissingProvider(terminal, group));
        ModelPackage folded = FoldCache.fold(file, model.dimensions(), Optional.ofNullable(config));
        List<ProfileJson.Group> measured = new ArrayList<>();
        try (ProgressLine line = new ProgressLine(terminal)) {
            for (CoreGroupSpec group : groups.stream().map(OfferedGroup::spec).toList()) {
                measured.add(new GroupProfiling(folded, MemberNode.sessions(settings, group), group, effort())
                        .measure((done, all, what) -> line.update(
                                () -> "profile: " + group.name() + ", " + what + ", " + done + " of " + all)));
            }
        }
        ProfileJson profile = ProfileJson.of(folded.graph(), measured);
        write(profile.write());
        if (format.isJson()) {
            terminal.json(profile);
        } else {
            new ProfileReport(folded.graph(), profile).print(terminal);
            terminal.line("");
            terminal.line("written to " + output);
        }
        measured.forEach(group -> warnOfNoise(terminal, group));
        return ExitCode.OK;
    }

    private static void warnOfNoise(Terminal terminal, ProfileJson.Group group) {
        if (group.quality().spread() > MUCH_SPREAD) {
            terminal.note("times of the whole model on " + group.name() + " were "
                    + Figures.percent(group.quality().spread())
                    + " apart: the machine had other things to do, or its clock changed. Maybe measure again.");
        }
    }

    private void requireArguments() {
        if (threads != null) {
            CommandLines.requireAtLeastOne("--threads", threads);
        }
        if (repeat != null) {
            CommandLines.requireAtLeastOne("--repeat", repeat);
        }
        Path folder = output.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw CommandException.usage(
                    "folder " + folder + " of --output must be one that can be written to. Maybe make it first.");
        }
        if (Files.isDirectory(output)) {
            throw CommandException.usage("--output " + output + " must be a file, but is a folder.");
        }
    }

    private TandemSettings settings() {
        Map<String, Object> values =
                cores.isEmpty() ? Map.of() : Map.of("tandem.node.core-groups", CoreGroupTexts.settings(cores));
        return SettingsLoader.load(Optional.ofNullable(config), ConfigFactory.parseMap(values, "command line"))
                .settings();
    }

    private List<OfferedGroup> groups(TandemSettings settings) {
        return OfferedGroups.of(settings).stream()
                .map(group -> threads == null ? group : group.withThreads(threads))
                .toList();
    }

    private static void tellOfMissingProvider(Terminal terminal, OfferedGroup group) {
        if (!group.problem().isEmpty()) {
            terminal.note("core group " + group.spec().name() + " is measured on CPUs: " + group.problem() + ".");
        }
    }

    private ProfileEffort effort() {
        ProfileEffort effort = quick ? ProfileEffort.quick() : ProfileEffort.thorough();
        return repeat == null ? effort : effort.withRepetitions(repeat);
    }

    /** The file appears complete or not at all: a measurement may take the place of an older one. */
    private void write(byte[] json) throws IOException {
        Path part = Files.createTempFile(output.toAbsolutePath().getParent(), ".profile-", ".json");
        try {
            Files.write(part, json);
            Files.move(part, output, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
