package dev.tandem.actors.protocol;

/**
 * What computes for a core group.
 *
 * @param coreGroup name in its node
 * @param provider as settings name it
 * @param problem why it is not what the settings of the node ask for; empty when it is
 */
public record GroupProvider(String coreGroup, String provider, String problem) {}
