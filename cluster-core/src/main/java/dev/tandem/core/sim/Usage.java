package dev.tandem.core.sim;

import dev.tandem.core.cost.ResourceKind;
import java.util.List;

/** Until when each of some resources is taken, and how long it has been busy. */
final class Usage {

    private final double[] free;
    private final double[] busySeconds;

    Usage(int resources) {
        free = new double[resources];
        busySeconds = new double[resources];
    }

    double freeAt(int resource, double now) {
        return Math.max(now, free[resource]);
    }

    /** Takes the resource as soon as it is free, and says from when. */
    double take(int resource, double now, double seconds) {
        double begin = freeAt(resource, now);
        free[resource] = begin + seconds;
        busySeconds[resource] += seconds;
        return begin;
    }

    /** Adds those resources that have been used. */
    void addUse(List<Resource> resources, ResourceKind kind, List<String> names, double durationSeconds) {
        for (int resource = 0; resource < busySeconds.length; resource++) {
            double busy = busySeconds[resource];
            if (busy > 0) {
                resources.add(new Resource(kind, names.get(resource), busy, busy / durationSeconds));
            }
        }
    }
}
