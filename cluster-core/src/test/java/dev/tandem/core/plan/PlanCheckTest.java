package dev.tandem.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.PlanScore.ShardScore;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a plan needs as a whole: layers, cuts, places and memory. */
class PlanCheckTest extends ResidualCase {

    @Test
    void acceptsEveryPlaceToCutAndRowDivision() {
        assertThat(problems(List.of(whole(0, 3, A)))).isEmpty();
        assertThat(problems(List.of(whole(0, 1, A), whole(1, 3, B)))).isEmpty();
        assertThat(problems(List.of(whole(0, 1, A), whole(1, 2, B), whole(2, 3, A))))
                .isEmpty();
        assertThat(problems(List.of(rows(0, 1, 1, 1), whole(1, 2, A), rows(2, 3, 3, 1))))
                .isEmpty();
    }

    @Test
    void rejectsAPlanForAnotherModel() {
        Plan other = new Plan("other", "other-digest", "single", List.of(lane(List.of(whole(0, 3, A)))), NO_SCORE);

        assertThat(PlanCheck.problems(other, graph, topology))
                .singleElement()
                .asString()
                .contains("other-digest");
    }

    @Test
    void rejectsLayersThatAreLeftOutOrComputedTwice() {
        assertThat(problems(List.of(whole(0, 1, A)), List.of()))
                .singleElement()
                .asString()
                .contains("ends before layer 1");
        assertThat(problems(List.of(whole(1, 3, A)), List.of()))
                .singleElement()
                .asString()
                .contains("begins at layer 1, but must begin at layer 0");
        assertThat(problems(List.of(whole(0, 2, A), whole(1, 3, B)), List.of()))
                .singleElement()
                .asString()
                .contains("stage 1 begins at layer 1, but must begin at layer 2");
    }

    @Test
    void rejectsCutsThatAreNotAllowed() {
        ModelGraph quantised = residual("DequantizeLinear");
        List<Stage> stages = List.of(whole(0, 1, A), whole(1, 3, B));

        assertThat(PlanCheck.problems(
                        plan(quantised, stages, EdgeDerivation.edges(graph, stages)), quantised, topology))
                .singleElement()
                .asString()
                .contains("must not be cut", "Only integer tensors");
    }

    @Test
    void rejectsUnknownCoreGroups() {
        assertThat(problems(List.of(whole(0, 3, new CoreGroupId("c", "gpu")))))
                .singleElement()
                .asString()
                .contains("core group c/gpu, which the topology lacks", "[a/cpu, b/cpu]");
    }

    @Test
    void takesSeveralShardsOfAStageOnOneCoreGroup() {
        Stage divided = rows(0, 3, 1, 1);
        List<Shard> same = divided.shards().stream()
                .map(shard -> new Shard(A, shard.inputs(), shard.outputs()))
                .toList();

        assertThat(problems(List.of(new Stage(divided.segment(), same)))).isEmpty();
    }

    @Test
    void saysHowMuchMemoryIsMissingWhere() {
        List<Stage> stages = List.of(whole(0, 1, A), whole(1, 3, B));
        ShardScore hungry = new ShardScore(0, new Endpoint(1, 0), 0, 12_345, 0);
        Plan plan =
                new Plan("m", "digest", "pipeline", List.of(lane(stages)), new PlanScore(0, 0, List.of(hungry), ""));

        assertThat(PlanCheck.problems(plan, graph, topology))
                .singleElement()
                .asString()
                .contains("node b has 10000 bytes", "need 12345: 2345 bytes are missing");
    }

    @Test
    void countsWeightsAndBuffersWhereNothingIsPredicted() {
        Topology small = GraphFixtures.topology(List.of(GraphFixtures.node("a", 600, 1e9)), 1e6, 0);
        List<Stage> stages = List.of(whole(0, 3, A));

        // 300 bytes of weights, 256 of input and 256 of output.
        assertThat(PlanCheck.problems(plan(graph, stages, EdgeDerivation.edges(graph, stages)), graph, small))
                .singleElement()
                .asString()
                .contains("need 812: 212 bytes are missing");
    }

    @Test
    void rejectsWeightsThatAreNotFinite() {
        Lane lane = lane(List.of(whole(0, 3, A)));
        Lane heavy = new Lane(Double.POSITIVE_INFINITY, "m", lane.stages(), lane.edges());

        assertThat(PlanCheck.problems(new Plan("m", "digest", "single", List.of(heavy), NO_SCORE), graph, topology))
                .singleElement()
                .asString()
                .contains("weight (Infinity) of lane 0");
    }
}
