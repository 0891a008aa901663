package dev.tandem.deploy.wiring;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.core.cost.LinkLoad;
import dev.tandem.core.plan.Energy;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.Alternative;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult.Planned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A plan as JSON, with what it is predicted to do and what else was considered. The members are explained in
 * {@code docs/plan.md}. What a simulation of it did may stand beside them; it is no part of the plan, and not read.
 *
 * @param format version of the form
 * @param objective what the plan is best in: latency, throughput, energy or energy-delay
 * @param links by link between two nodes that the plan uses
 * @param nodes by node of the topology
 */
@JsonIgnoreProperties({"explain", "simulated", "comparison"})
public record PlanJson(
        int format,
        String model,
        String modelDigest,
        String objective,
        String scheme,
        String explanation,
        Predicted predicted,
        List<PlanLaneJson> lanes,
        List<LinkLoad> links,
        List<NodeJson> nodes,
        List<AlternativeJson> alternatives) {

    /** Version of the form; readers refuse others. */
    public static final int FORMAT = 2;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** What is predicted of a plan as a whole; energy where the power of all nodes is known. */
    public record Predicted(
            double latencySeconds, double throughputPerSecond, String bottleneck, @Nullable Energy energy) {
        static Predicted of(PlanScore score) {
            return new Predicted(
                    score.latencySeconds(),
                    score.throughputPerSecond(),
                    score.bottleneck(),
                    score.energy().orElse(null));
        }

        PlanScore score(List<PlanScore.ShardScore> shards) {
            return new PlanScore(latencySeconds, throughputPerSecond, shards, bottleneck, Optional.ofNullable(energy));
        }
    }

    /** Memory of a node: what the plan takes and what there is. */
    public record NodeJson(String node, long neededBytes, long memoryBytes) {}

    /** A division that was considered; without prediction where it does not fit, for which the remark is the reason. */
    public record AlternativeJson(String name, @Nullable Predicted predicted, String remark) {
        static AlternativeJson of(Alternative alternative) {
            return new AlternativeJson(
                    alternative.name(),
                    alternative.predicted().map(Predicted::of).orElse(null),
                    alternative.remark());
        }
    }

    public PlanJson {
        lanes = List.copyOf(lanes);
        links = List.copyOf(links);
        nodes = List.copyOf(nodes);
        alternatives = List.copyOf(alternatives);
        if (format != FORMAT) {
            throw new IllegalArgumentException("plan has format " + format + ", expected " + FORMAT
                    + ". Maybe it was written by another version of Tandem.");
        }
    }

    /** The answer to a request. */
    public static PlanJson of(PlanRequest request, Planned planned) {
        Plan plan = planned.plan();
        List<PlanLaneJson> lanes = new ArrayList<>();
        for (int lane = 0; lane < plan.lanes().size(); lane++) {
            lanes.add(PlanLaneJson.of(plan, lane));
        }
        return new PlanJson(
                FORMAT,
                plan.model(),
                plan.modelDigest(),
                request.objective().toString(),
                plan.scheme(),
                planned.explanation(),
                Predicted.of(plan.predicted()),
                lanes,
                request.scorer().links(plan.lanes()),
                request.topology().nodes().stream()
                        .map(node -> new NodeJson(node.id(), plan.memoryBytes(node.id()), node.memoryBytes()))
                        .toList(),
                planned.considered().stream().map(AlternativeJson::of).toList());
    }

    /** The plan itself, which runs as the one that was written. */
    public Plan plan() {
        List<Lane> core = new ArrayList<>();
        List<PlanScore.ShardScore> shards = new ArrayList<>();
        for (int lane = 0; lane < lanes.size(); lane++) {
            core.add(lanes.get(lane).lane());
            shards.addAll(lanes.get(lane).scores(lane));
        }
        return new Plan(model, modelDigest, scheme, core, predicted.score(shards));
    }

    /** The plan as UTF-8 JSON. */
    public byte[] write() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan must be writable as JSON", e);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException for another format version, damaged JSON, or what cannot be a plan; whether it can
     *     run is for {@link dev.tandem.core.plan.PlanCheck} to say
     */
    public static PlanJson read(byte[] json) {
        try {
            PlanJson read = JSON.readValue(json, PlanJson.class);
            read.plan();
            return read;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("plan is not readable: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("plan is not readable: " + e.getMessage(), e);
        }
    }
}
