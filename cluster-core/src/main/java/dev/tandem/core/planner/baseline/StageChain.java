package dev.tandem.core.planner.baseline;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Stages of a lane, added from the first layer on. Used by one thread. */
final class StageChain {

    private final ModelGraph graph;
    private final List<Stage> stages = new ArrayList<>();

    StageChain(ModelGraph graph) {
        this.graph = graph;
    }

    /** Adds a segment that is whole on one core group, in one stage with the one before where that is there, too. */
    StageChain whole(Segment segment, CoreGroup place) {
        Segment all = segment;
        if (!stages.isEmpty()) {
            Stage last = stages.get(stages.size() - 1);
            if (last.shards().size() == 1 && last.shards().get(0).place().equals(place.id())) {
                all = new Segment(last.segment().from(), segment.to());
                stages.remove(stages.size() - 1);
            }
        }
        stages.add(Draft.undivided(graph, all, place.id()));
        return this;
    }

    /**
     * Adds a segment that is divided along rows. While it cannot be divided into so many shares, for want of rows, say, the
     * smallest one is left out; where it cannot be divided at all, it is whole on the largest share's core group.
     */
    StageChain rows(Segment segment, List<Share> shares) {
        List<Share> left = new ArrayList<>(
                shares.stream().filter(share -> share.weight() > 0).toList());
        while (left.size() > 1) {
            Optional<List<ShardRegions>> regions =
                    divide(graph, segment, left.stream().map(Share::weight).toList());
            if (regions.isPresent()) {
                stages.add(new Stage(segment, shards(left, regions.get())));
                return this;
            }
            left.remove(
                    left.stream().min(Comparator.comparingDouble(Share::weight)).orElseThrow());
        }
        return whole(segment, left.get(0).group());
    }

    /** Adds a block: its rows by share where it can be divided, else whole on the leader. */
    StageChain block(Blocks.Block block, List<Share> shares, CoreGroup leader) {
        return block.isDivisible() ? rows(block.segment(), shares) : whole(block.segment(), leader);
    }

    List<Stage> stages() {
        return List.copyOf(stages);
    }

    /** The regions of the shards of a segment, absent where it cannot be divided so. */
    static Optional<List<ShardRegions>> divide(ModelGraph graph, Segment segment, List<Double> weights) {
        try {
            return Optional.of(Divisibility.divide(graph, segment, weights));
        } catch (NotDivisibleException tooNarrow) {
            return Optional.empty();
        }
    }

    static List<Shard> shards(List<Share> shares, List<ShardRegions> regions) {
        return IntStream.range(0, shares.size())
                .mapToObj(shard -> new Shard(
                        shares.get(shard).group().id(),
                        regions.get(shard).inputs(),
                        regions.get(shard).outputs()))
                .toList();
    }
}
