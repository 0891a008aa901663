package dev.tandem.core.sim;

import dev.tandem.core.plan.Endpoint;

/**
 * A shard, or the gateway's end of a lane.
 *
 * @param coreGroup its number; -1 for the gateway
 * @param fixedSeconds of a call, whatever the rate of the core group
 * @param scaledSeconds of a call at the topology's rate
 */
record Port(int index, int lane, Endpoint endpoint, int coreGroup, double fixedSeconds, double scaledSeconds) {

    static final int NO_CORE_GROUP = -1;

    boolean isGateway() {
        return coreGroup == NO_CORE_GROUP;
    }
}
