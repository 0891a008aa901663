package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InProcessPlanTest {

    private static final SessionSettings SETTINGS = SessionSettings.defaults();
    private static final CoreGroupId PLACE = new CoreGroupId("here", "cpu");

    private final Path directory;
    private final Nets net = chain();
    private final ModelGraph graph = net.graph();

    InProcessPlanTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void exchangesHalosBetweenStagesOfDifferentDivision() throws IOException {
        Plan plan = Splits.plan(
                graph,
                "rows",
                List.of(
                        stage(0, 1, shard(0, 5, 0, 4), shard(3, 12, 4, 12)),
                        stage(1, 2, shard(0, 8, 0, 7), shard(6, 11, 7, 10), shard(9, 12, 10, 12))));
        Path whole = Files.write(directory.resolve("whole.onnx"), net.open().toByteArray());
        Map<String, TensorBuffer> inputs = Map.of("x", Runs.random(graph.tensor("x"), new Random(1)));
        TensorBuffer expected = Runs.get(Runs.run(whole, SETTINGS, inputs), "t1");

        try (InProcessPlan split = InProcessPlan.open(net.skeleton(directory), graph, plan, directory, SETTINGS)) {
            for (int request = 0; request < 3; request++) {
                Map<String, TensorBuffer> actual = split.run(inputs);
                assertThat(actual).containsOnlyKeys("t1");
                assertThat(Runs.difference(Runs.get(actual, "t1"), expected)).isLessThan(1e-6);
                Runs.close(actual);
            }
        }
    }

    @Test
    void leavesNoFilesBehind() throws IOException {
        try (InProcessPlan split = whole()) {
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).noneMatch(file -> file.toString().endsWith(".onnx"));
            }
            assertThat(split).isNotNull();
        }
    }

    @Test
    void refusesPlanOfAnotherModel() {
        Plan other = new Plan("other", "another digest", "single", plan().lanes(), plan().predicted());

        assertThatThrownBy(() -> InProcessPlan.open(net.skeleton(directory), graph, other, directory, SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plan is for model other (another digest)");
    }

    @Test
    void refusesPlanThatLeavesRowsOut() {
        Plan gap = Splits.plan(
                graph,
                "rows",
                List.of(stage(0, 1, shard(0, 5, 0, 4), shard(5, 12, 6, 12)), stage(1, 2, shard(0, 12, 0, 12))));

        try (InProcessPlan split = InProcessPlan.open(net.skeleton(directory), graph, gap, directory, SETTINGS)) {
            Map<String, TensorBuffer> inputs = Map.of("x", Runs.random(graph.tensor("x"), new Random(1)));
            assertThatThrownBy(() -> split.run(inputs))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("tensor 't0'")
                    .hasMessageContaining("producers own");
        }
    }

    @Test
    void refusesInputsThatAreMissingOrOfAnotherShape() {
        try (InProcessPlan split = whole()) {
            assertThatThrownBy(() -> split.run(Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must hold 'x'");
            TensorSpec small = new TensorSpec("x", ElementType.FLOAT, List.of(1, 2, 3, 4));
            assertThatThrownBy(() -> split.run(Map.of("x", TensorBuffer.allocate(small))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected FLOAT[1, 2, 12, 4]");
        }
    }

    @Test
    void refusesToRunAfterClose() {
        InProcessPlan split = whole();
        split.close();
        split.close();

        assertThatThrownBy(() -> split.run(Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    private InProcessPlan whole() {
        return InProcessPlan.open(net.skeleton(directory), graph, plan(), directory, SETTINGS);
    }

    private Plan plan() {
        return Splits.pipeline(graph, List.of(1));
    }

    private static Nets chain() {
        Nets net = new Nets(9, 17);
        net.input("x", 1, 2, 12, 4);
        for (String input : List.of("x", "t0")) {
            net.layer(
                    Nets.node("Conv", input, net.weights(2, 2, 3, 3)).addAttribute(Nets.ints("pads", 1, 1, 1, 1)),
                    1,
                    2,
                    12,
                    4);
        }
        return net;
    }

    private static Stage stage(int from, int to, Part... parts) {
        String input = from == 0 ? "x" : "t" + (from - 1);
        return new Stage(
                new Segment(from, to),
                Stream.of(parts)
                        .map(part -> new Shard(PLACE, Map.of(input, part.in), Map.of("t" + (to - 1), part.out)))
                        .toList());
    }

    private static Part shard(int inFrom, int inTo, int outFrom, int outTo) {
        return new Part(Region.rows(inFrom, inTo), Region.rows(outFrom, outTo));
    }

    private record Part(Region in, Region out) {}
}
