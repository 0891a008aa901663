package dev.tandem.harness.experiment.survival;

import dev.tandem.harness.fault.Fault;
import java.util.Locale;
import java.util.Set;

/** A way in which a node is lost. */
public enum Breakage {
    /** Its process ends without a word: the kernel closes its connections. */
    KILL(1),
    /** Its process stands still, and its connections stay. */
    STOP(3),
    /** Its cable is cut: what is sent to it is lost. */
    CUT(3),
    /** It is asked to leave: nobody should notice. */
    LEAVE(5);

    private final double aimSeconds;

    Breakage(double aimSeconds) {
        this.aimSeconds = aimSeconds;
    }

    /** Within this time what needed the node should be answered without it, or be as fast as before. */
    public double aimSeconds() {
        return aimSeconds;
    }

    Fault of(String node) {
        return switch (this) {
            case KILL -> new Fault.Kill(node);
            case STOP -> new Fault.Stop(node);
            case CUT -> new Fault.Cut(Set.of(node));
            case LEAVE -> new Fault.Leave(node);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
