package dev.tandem.harness.experiment.drift;

import dev.tandem.harness.fault.Fault;
import dev.tandem.harness.testbed.BedNode;
import dev.tandem.harness.testbed.LinkShape;
import java.util.Locale;

/** What changes on a machine, and goes back. */
public enum Change {
    /** Its core group has half its share of a CPU. */
    HALF_SPEED,
    /** Its link has a tenth of its rate. */
    TENTH_OF_LINK;

    private static final double HALF = 0.5;
    private static final double TENTH = 0.1;

    Fault to(BedNode node) {
        return switch (this) {
            case HALF_SPEED -> share(node, HALF);
            case TENTH_OF_LINK ->
                new Fault.LinkRate(
                        node.name(), new LinkShape(Math.round(node.link().bitsPerSecond() * TENTH)));
        };
    }

    Fault back(BedNode node) {
        return switch (this) {
            case HALF_SPEED -> share(node, 1);
            case TENTH_OF_LINK -> new Fault.LinkRate(node.name(), node.link());
        };
    }

    private static Fault share(BedNode node, double part) {
        var group = node.groups().get(0);
        return new Fault.Share(node.name(), group.group(), part * group.asked());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
