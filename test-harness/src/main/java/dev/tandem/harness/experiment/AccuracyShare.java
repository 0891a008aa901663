package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.core.topology.Topology;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ProgramFolder;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.TopologyFile;
import dev.tandem.harness.experiment.share.Outcome;
import dev.tandem.harness.experiment.share.ReportFiles;
import dev.tandem.harness.experiment.share.Setting;
import dev.tandem.harness.experiment.share.Trial;
import dev.tandem.harness.experiment.share.Trials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The comparison of ASP-DAC'24 (Taufique et al., arXiv 2310.10157), computed: batches for variants of MobileNetV1 on its three
 * boards, with a required rate and a required mean accuracy. Nothing runs; times follow from multiply-adds and bytes.
 */
final class AccuracyShare implements Experiment {

    private static final String BOARDS = "conf/asp-dac-boards.conf";
    private static final String MODEL = "mobilenet-v1-1.0";
    private static final int REQUESTS = 300;

    private final int requests;
    private final List<Setting> joined;
    private final Supplier<Path> boards;

    AccuracyShare() {
        this(REQUESTS, List.of(Setting.values()), () -> ProgramFolder.require().resolve(BOARDS));
    }

    /**
     * @param requests in each setting
     * @param joined how the boards are, in turn
     * @param boards where the topology file is
     */
    AccuracyShare(int requests, List<Setting> joined, Supplier<Path> boards) {
        this.requests = requests;
        this.joined = List.copyOf(joined);
        this.boards = boards;
    }

    @Override
    public String name() {
        return "accuracy-share";
    }

    @Override
    public String purpose() {
        return "shares of batches and accuracy levels on ASP-DAC'24's boards, beside uniform and proportional; computed only";
    }

    @Override
    public Outcome run(Settings settings, Terminal terminal) throws IOException {
        if (!settings.models().isEmpty()) {
            throw CommandException.usage("accuracy-share has its own variants of MobileNetV1 and takes no --model "
                    + settings.models() + ".");
        }
        Trials trials = new Trials(topology(), settings.seed(), requests);
        List<Trial> all = new ArrayList<>();
        for (Setting setting : joined) {
            all.addAll(trials.run(setting));
            terminal.note(setting.label() + ": " + requests + " requests shared");
        }
        Outcome outcome = Outcome.of(
                "tandem experiment accuracy-share --seed " + settings.seed(), settings.seed(), requests, all);
        if (settings.out().isPresent()) {
            ReportFiles.write(settings.out().get(), outcome);
        }
        return outcome;
    }

    /** Rates are the presets' own, whatever the model. */
    private Topology topology() throws IOException {
        return TopologyFile.read(boards.get())
                .topology(ReferenceProfile.ofMultiplyAdds(
                        BuiltInModel.named(MODEL).graph()));
    }
}
