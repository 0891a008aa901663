package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.ShardSweep;
import dev.tandem.core.graph.GraphIndex;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.topology.CoreGroup;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the shards of all segments that end at one place take, walked backwards from there for as long as the layers can be
 * divided: with the rows that {@link Divisibility#divide} gives. Used by one thread.
 */
public final class DividedTail {

    private final ModelGraph graph;
    private final int end;
    private final List<ShardSweep> shards;
    private int begin;
    private boolean canBeDivided = true;

    /**
     * @param cuts how the rows are shared
     * @param groups one for each share, in the order of the rows
     * @param end the layer in front of which the segments end
     */
    public DividedTail(CostModel cost, RowCuts cuts, List<CoreGroup> groups, int end) {
        this.graph = cost.graph();
        this.end = end;
        this.begin = end;
        this.shards = IntStream.range(0, groups.size())
                .mapToObj(shard -> cost.sweep(
                        groups.get(shard), end, tensor -> cuts.of(graph.index().divisibleRows(tensor))
                                .get(shard)))
                .toList();
    }

    /** Walks back to a layer; whether the segment from there on, or a longer one, can be divided at all. */
    public boolean reaches(int from) {
        while (canBeDivided && begin > from) {
            canBeDivided = canBeDivided(begin - 1);
            if (canBeDivided) {
                begin--;
                shards.forEach(ShardSweep::back);
            }
        }
        return canBeDivided;
    }

    /** Whether every shard of the segment so far has rows to read. */
    public boolean isDivided() {
        return shards.stream().noneMatch(shard -> shard.needed().readsPaddingAlone());
    }

    /** By share, of the segment so far. */
    public List<ShardSweep> shards() {
        return shards;
    }

    private boolean canBeDivided(int layer) {
        if (!Divisibility.isDivisible(graph, layer)) {
            return false;
        }
        GraphIndex index = graph.index();
        for (int result = 0; result < index.writes(layer); result++) {
            int tensor = index.written(layer, result);
            if (index.isOutput(tensor, end) && index.divisibleRows(tensor) < Math.max(2, shards.size())) {
                return false;
            }
        }
        return true;
    }
}
