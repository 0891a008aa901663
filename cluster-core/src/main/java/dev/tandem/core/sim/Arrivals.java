package dev.tandem.core.sim;

import java.util.List;

/** When requests come to the gateway. */
public sealed interface Arrivals {

    /** How many requests there are. */
    int requests();

    /** A number of requests is under way at any time: each answer brings the next request. */
    record ClosedLoop(int requests, int inFlight) implements Arrivals {
        public ClosedLoop {
            requireRequests(requests);
            if (inFlight < 1) {
                throw new IllegalArgumentException("requests in flight (" + inFlight + ") must be at least 1");
            }
        }
    }

    /** A Poisson process: requests come whether or not others have been answered. */
    record OpenLoop(int requests, double perSecond) implements Arrivals {
        public OpenLoop {
            requireRequests(requests);
            if (!(perSecond > 0 && Double.isFinite(perSecond))) {
                throw new IllegalArgumentException(
                        "rate (" + perSecond + " requests per second) must be finite and above 0");
            }
        }
    }

    /** At these times, in seconds, none before the one it follows. */
    record At(List<Double> seconds) implements Arrivals {
        public At {
            seconds = List.copyOf(seconds);
            requireRequests(seconds.size());
            double before = 0;
            for (double time : seconds) {
                if (!(time >= before && Double.isFinite(time))) {
                    throw new IllegalArgumentException("arrival at " + time + " s must be finite and not before "
                            + before + " s. Maybe sort the times.");
                }
                before = time;
            }
        }

        @Override
        public int requests() {
            return seconds.size();
        }
    }

    private static void requireRequests(int requests) {
        if (requests < 1) {
            throw new IllegalArgumentException("requests (" + requests + ") must be at least 1");
        }
    }
}
