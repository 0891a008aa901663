package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.ProgramFolder;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.TopologyFile;
import dev.tandem.harness.experiment.hidp.Boards;
import dev.tandem.harness.experiment.hidp.Outcome;
import dev.tandem.harness.experiment.hidp.ReportFiles;
import dev.tandem.harness.experiment.hidp.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The comparison of HiDP (DATE 2025), predicted: its four networks on its five boards, planned by what it was compared
 * with, by HiDP and by Tandem, all scored by one cost model. Requests arrive at each of the boards in turn, since any may
 * be the leader. Nothing runs; times of layers follow from their multiply-adds.
 */
final class HiDpBoards implements Experiment {

    private static final List<String> MODELS = List.of("efficientnet-b0", "inception-v3", "resnet-152", "vgg-19");
    private static final String BOARDS = "conf/hidp-boards.conf";

    private final Supplier<Path> boards;

    HiDpBoards() {
        this(() -> ProgramFolder.require().resolve(BOARDS));
    }

    /** @param boards where the topology file is */
    HiDpBoards(Supplier<Path> boards) {
        this.boards = boards;
    }

    @Override
    public String name() {
        return "hidp";
    }

    @Override
    public String purpose() {
        return "HiDP's boards and networks: latency, throughput and energy predicted for its baselines, HiDP and Tandem";
    }

    @Override
    public Outcome run(Settings settings, Terminal terminal) throws Exception {
        Boards machines = new Boards(TopologyFile.read(boards.get()));
        List<Row> rows = new ArrayList<>();
        for (String model : settings.models().isEmpty() ? MODELS : settings.models()) {
            rows.addAll(machines.rows(model, BuiltInModel.named(model).graph()));
            terminal.note(model + " planned");
        }
        Outcome outcome = Outcome.of(command(settings), BOARDS, rows);
        if (settings.out().isPresent()) {
            ReportFiles.write(settings.out().get(), outcome);
        }
        return outcome;
    }

    private static String command(Settings settings) {
        StringBuilder command = new StringBuilder("tandem experiment hidp");
        settings.models().forEach(model -> command.append(" --model ").append(model));
        return command.toString();
    }
}
