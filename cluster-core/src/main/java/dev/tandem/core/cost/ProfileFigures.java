package dev.tandem.core.cost;

import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Region;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalDouble;

/** What a profile says of cuts and row shares, in figures for people. */
public final class ProfileFigures {

    private final ModelGraph graph;
    private final Profile profile;
    private final SegmentSeconds seconds;

    public ProfileFigures(ModelGraph graph, Profile profile) {
        this.graph = graph;
        this.profile = profile;
        this.seconds = new SegmentSeconds(graph, profile);
    }

    /** What the median allowed cut costs, both sides together, without the call; empty where there is none. */
    public OptionalDouble medianCutSeconds() {
        double[] cuts = graph.allowedCuts().stream()
                .mapToInt(Cut::position)
                .mapToDouble(this::cutSeconds)
                .sorted()
                .toArray();
        return cuts.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(cuts[cuts.length / 2]);
    }

    private double cutSeconds(int position) {
        double both = seconds.seconds(new Segment(0, position))
                + seconds.seconds(new Segment(position, graph.layers().size()));
        // Rounding must not show as a cut that saves time.
        return Math.max(
                0, both - 2 * profile.costs().secondsPerCall() - profile.times().totalSeconds());
    }

    /**
     * How fast the middle one of so many equal row shares runs: the time of its rows at full rate by its time. Of the
     * longest segment that can be divided so, from the model's start; empty where there is none.
     */
    public OptionalDouble shareEfficiency(int shares) {
        return Divisibility.longest(graph, 0, shares)
                .map(segment -> OptionalDouble.of(efficiency(segment, shares)))
                .orElse(OptionalDouble.empty());
    }

    private double efficiency(Segment segment, int shares) {
        Map<String, Region> outputs = Divisibility.divide(graph, segment, Collections.nCopies(shares, 1.0))
                .get(shares / 2)
                .outputs();
        Profile layersOnly = profile.with(new SegmentCosts(profile.costs().secondsPerCall(), 0, 0, 0));
        return new SegmentSeconds(graph, layersOnly).seconds(segment, outputs) / seconds.seconds(segment, outputs);
    }
}
