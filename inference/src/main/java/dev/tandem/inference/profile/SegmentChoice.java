package dev.tandem.inference.profile;

import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.ShardRegions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which parts of a model are timed: parts as plans have them, of equal time, and the middle one of several equal row shares
 * of segments that can be divided. Deterministic.
 */
final class SegmentChoice {

    private final ModelGraph graph;
    private final List<Integer> cuts;
    private final double[] before;

    /** A row share of a segment. */
    record Share(Segment segment, ShardRegions regions) {}

    SegmentChoice(ModelGraph graph, LayerTimes times) {
        this.graph = graph;
        this.cuts = graph.allowedCuts().stream().map(Cut::position).toList();
        this.before = new double[graph.layers().size() + 1];
        for (int layer = 0; layer < graph.layers().size(); layer++) {
            before[layer + 1] = before[layer] + times.seconds().get(layer);
        }
    }

    /** Segments of about equal time, as many as parts, for each of the counts; a model with few cuts has fewer. */
    List<Segment> segments(List<Integer> counts) {
        Set<Segment> segments = new LinkedHashSet<>();
        for (int parts : counts) {
            TreeSet<Integer> ends = new TreeSet<>(List.of(0, graph.layers().size()));
            for (int part = 1; part < parts && !cuts.isEmpty(); part++) {
                ends.add(nearestCut(before[graph.layers().size()] * part / parts));
            }
            for (int from = 0; ends.higher(from) != null; from = ends.higher(from)) {
                segments.add(new Segment(from, ends.higher(from)));
            }
        }
        segments.remove(graph.whole());
        return List.copyOf(segments);
    }

    /**
     * The middle one of each number of equal shares.
     *
     * @param starts parts of the model's time at whose beginnings segments begin
     */
    List<Share> shares(int starts, List<Integer> counts) {
        int most = Collections.max(counts);
        Set<Segment> segments = new LinkedHashSet<>();
        for (int start = 0; start < starts; start++) {
            int from = start == 0 || cuts.isEmpty()
                    ? 0
                    : nearestCut(before[graph.layers().size()] * start / starts);
            Divisibility.longest(graph, from, most).ifPresent(longest -> {
                segments.add(longest);
                segments.add(half(longest, most));
            });
        }
        List<Share> shares = new ArrayList<>();
        segments.forEach(segment -> counts.forEach(count -> addMiddle(shares, segment, count)));
        return List.copyOf(shares);
    }

    /** The first half by time, if it can be divided. */
    private Segment half(Segment longest, int shards) {
        int middle = cuts.isEmpty() ? longest.to() : nearestCut((before[longest.from()] + before[longest.to()]) / 2);
        Segment half =
                longest.contains(middle) && middle > longest.from() ? new Segment(longest.from(), middle) : longest;
        return Divisibility.refusal(graph, half, shards).isEmpty() ? half : longest;
    }

    private void addMiddle(List<Share> shares, Segment segment, int count) {
        try {
            List<ShardRegions> all = Divisibility.divide(graph, segment, Collections.nCopies(count, 1.0));
            shares.add(new Share(segment, all.get(count / 2)));
        } catch (NotDivisibleException e) {
            // So many shares of this segment there cannot be: nothing to sample, and no plan has them.
            assert count > 0;
        }
    }

    private int nearestCut(double seconds) {
        int nearest = cuts.get(0);
        for (int cut : cuts) {
            if (Math.abs(before[cut] - seconds) < Math.abs(before[nearest] - seconds)) {
                nearest = cut;
            }
        }
        return nearest;
    }
}
