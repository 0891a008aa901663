package dev.tandem.harness.experiment;

import dev.tandem.actors.client.PlanRefusedException;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.tensor.ImageInput;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.CpuShares;
import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.inference.onnx.DimensionValues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Real labelled pictures through real models, unsplit and divided over three nodes: how many are recognised either way,
 * and whether every single one gets the same class.
 */
final class LabelledImages implements Experiment {

    private static final int NODES = 3;
    private static final long MEMORY_BYTES = 1L << 30;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /**
     * One model, divided one way.
     *
     * @param correctUnsplit pictures that the unsplit model recognises
     * @param correctSplit pictures that the divided model recognises
     * @param sameClass pictures that both give the same class, right or wrong
     * @param refusal why the model cannot be divided so, null when it can; the figures are 0 otherwise
     */
    record Result(
            String model,
            String scheme,
            int images,
            int correctUnsplit,
            int correctSplit,
            int sameClass,
            @Nullable String refusal) {}

    @Override
    public String name() {
        return "labelled-images";
    }

    @Override
    public String purpose() {
        return "classes and accuracy of real models on real pictures, divided over three nodes and unsplit";
    }

    @Override
    public List<Result> run(Settings settings, Terminal terminal) throws Exception {
        Path data = settings.data()
                .orElseThrow(() -> CommandException.usage(
                        "labelled-images needs --data DIR, with the folders models and datasets."));
        List<Result> results = new ArrayList<>();
        try (ScratchDirectory scratch = ScratchDirectory.create();
                ClusterSeat seat =
                        ClusterSeat.local(NodeTemplate.equal(NODES, 1, MEMORY_BYTES, CpuShares.available()))) {
            seat.session().awaitNodes(NODES, DEADLINE);
            for (LabelledCase test : LabelledCase.ALL) {
                results.addAll(run(test, data, settings.limit(), scratch.path(), seat, terminal));
            }
        }
        return results;
    }

    private static List<Result> run(
            LabelledCase test, Path data, int limit, Path scratch, ClusterSeat seat, Terminal terminal)
            throws Exception {
        OfferedModel offered = OfferedModel.measure(FoldCache.fold(test.file(data), DimensionValues.DEFAULTS));
        List<LabelledSet.Labelled> labelled = test.pictures(data, limit, scratch);
        ImageInput input = test.input(offered.graph().inputs().get(0));
        List<Integer> unsplit = test.unsplit(data, input, labelled);
        List<Result> results = new ArrayList<>();
        for (Scheme scheme : List.of(Scheme.PIPELINE, Scheme.ROWS)) {
            Result result = divided(test, scheme, offered, seat, input, labelled, unsplit);
            terminal.note(result.toString());
            results.add(result);
        }
        return results;
    }

    private static Result divided(
            LabelledCase test,
            Scheme scheme,
            OfferedModel offered,
            ClusterSeat seat,
            ImageInput input,
            List<LabelledSet.Labelled> labelled,
            List<Integer> unsplit)
            throws Exception {
        try {
            ServedModel served =
                    ServedModel.deploy(seat, offered, new DeployOrder(scheme, Objective.THROUGHPUT, NODES, NODES));
            List<Integer> split = LabelledCase.served(served, input, labelled);
            return new Result(
                    test.model(),
                    scheme.name(),
                    split.size(),
                    LabelledCase.correct(labelled, unsplit),
                    LabelledCase.correct(labelled, split),
                    LabelledCase.same(split, unsplit),
                    null);
        } catch (PlanRefusedException e) {
            return new Result(test.model(), scheme.name(), 0, 0, 0, 0, e.getMessage());
        }
    }
}
