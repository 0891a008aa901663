package dev.tandem.core.plan;

/**
 * Energy that all nodes together take for one request, those that run nothing included.
 *
 * @param requestJoules of one request that is alone on an idle cluster, from its coming to its answer
 * @param streamJoules of each request when many are in flight
 */
public record Energy(double requestJoules, double streamJoules) {

    public Energy {
        if (!(requestJoules >= 0) || !(streamJoules >= 0)) {
            throw new IllegalArgumentException("energy of a request (" + requestJoules + " J) and of one of a stream ("
                    + streamJoules + " J) must be at least 0");
        }
    }
}
