package dev.tandem.deploy.wiring;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore.ShardScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.CoreGroupId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A lane of {@link PlanJson}. A region names the ranges of the axes that it restricts: {@code {"rows": [0, 28]}}. */
public record PlanLaneJson(double weight, String variant, List<StageJson> stages, List<EdgeJson> edges) {

    private static final Pattern SHARD = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

    /** Layers {@code [firstLayer, endLayer)}. */
    public record StageJson(int firstLayer, int endLayer, List<ShardJson> shards) {}

    /** A shard and what is predicted of it, per request. */
    public record ShardJson(
            String node,
            String coreGroup,
            Map<String, Map<String, List<Integer>>> inputs,
            Map<String, Map<String, List<Integer>>> outputs,
            double computeSeconds,
            long memoryBytes,
            long bytesOut) {

        Shard shard() {
            return new Shard(new CoreGroupId(node, coreGroup), regions(inputs), regions(outputs));
        }
    }

    /** What travels; an end is {@code gateway} or {@code STAGE.SHARD}. */
    public record EdgeJson(
            String tensor, String producer, String consumer, Map<String, List<Integer>> region, String codec) {

        static EdgeJson of(Edge edge) {
            return new EdgeJson(
                    edge.tensor(),
                    edge.producer().toString(),
                    edge.consumer().toString(),
                    PlanLaneJson.region(edge.region()),
                    edge.codec().toString());
        }

        Edge edge() {
            return new Edge(
                    tensor,
                    endpoint(producer),
                    endpoint(consumer),
                    PlanLaneJson.region(region),
                    constant(Codec.class, codec));
        }
    }

    static PlanLaneJson of(Plan plan, int index) {
        Lane lane = plan.lanes().get(index);
        List<StageJson> stages = new ArrayList<>();
        for (int stage = 0; stage < lane.stages().size(); stage++) {
            Segment segment = lane.stages().get(stage).segment();
            List<ShardJson> shards = new ArrayList<>();
            for (int shard = 0; shard < lane.stages().get(stage).shards().size(); shard++) {
                shards.add(shard(plan, index, new Endpoint(stage, shard)));
            }
            stages.add(new StageJson(segment.from(), segment.to(), shards));
        }
        return new PlanLaneJson(
                lane.weight(),
                lane.variant(),
                stages,
                lane.edges().stream().map(EdgeJson::of).toList());
    }

    Lane lane() {
        List<Stage> core = stages.stream()
                .map(stage -> new Stage(
                        new Segment(stage.firstLayer(), stage.endLayer()),
                        stage.shards().stream().map(ShardJson::shard).toList()))
                .toList();
        return new Lane(
                weight, variant, core, edges.stream().map(EdgeJson::edge).toList());
    }

    List<ShardScore> scores(int lane) {
        List<ShardScore> scores = new ArrayList<>();
        for (int stage = 0; stage < stages.size(); stage++) {
            List<ShardJson> shards = stages.get(stage).shards();
            for (int index = 0; index < shards.size(); index++) {
                ShardJson shard = shards.get(index);
                scores.add(new ShardScore(
                        lane,
                        new Endpoint(stage, index),
                        shard.computeSeconds(),
                        shard.memoryBytes(),
                        shard.bytesOut()));
            }
        }
        return scores;
    }

    private static ShardJson shard(Plan plan, int lane, Endpoint endpoint) {
        Shard shard = plan.lanes().get(lane).shard(endpoint);
        ShardScore score = plan.predicted().shards().stream()
                .filter(candidate ->
                        candidate.lane() == lane && candidate.shard().equals(endpoint))
                .findFirst()
                .orElseGet(() -> new ShardScore(lane, endpoint, 0, 0, 0));
        return new ShardJson(
                shard.place().node(),
                shard.place().group(),
                ranges(shard.inputs()),
                ranges(shard.outputs()),
                score.computeSeconds(),
                score.memoryBytes(),
                score.bytesOut());
    }

    private static Map<String, Map<String, List<Integer>>> ranges(Map<String, Region> regions) {
        Map<String, Map<String, List<Integer>>> ranges = new LinkedHashMap<>();
        regions.forEach((tensor, region) -> ranges.put(tensor, region(region)));
        return ranges;
    }

    private static Map<String, Region> regions(Map<String, Map<String, List<Integer>>> ranges) {
        Map<String, Region> regions = new LinkedHashMap<>();
        ranges.forEach((tensor, region) -> regions.put(tensor, region(region)));
        return regions;
    }

    private static Map<String, List<Integer>> region(Region region) {
        Map<String, List<Integer>> ranges = new LinkedHashMap<>();
        region.ranges().forEach((axis, range) -> ranges.put(word(axis), List.of(range.from(), range.to())));
        return ranges;
    }

    private static Region region(Map<String, List<Integer>> ranges) {
        Map<Axis, Interval> intervals = new EnumMap<>(Axis.class);
        ranges.forEach((axis, range) -> {
            if (range.size() != 2) {
                throw new IllegalArgumentException("range " + range + " of a region must be [from, to]");
            }
            intervals.put(constant(Axis.class, axis), new Interval(range.get(0), range.get(1)));
        });
        return intervals.isEmpty() ? Region.WHOLE : new Region(intervals);
    }

    private static Endpoint endpoint(String text) {
        if (text.equals(Endpoint.GATEWAY.toString())) {
            return Endpoint.GATEWAY;
        }
        Matcher matcher = SHARD.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "end '" + text + "' of an edge must be gateway or STAGE.SHARD, as in 0.1");
        }
        return new Endpoint(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
