package dev.tandem.core.sim;

import dev.tandem.core.cost.ResourceKind;

/**
 * A resource was busy with a request.
 *
 * @param resource core group as {@code node/group}, or link as {@code from -> to}
 * @param request by its number in the order of arrival
 * @param work shard as {@code stage.shard}, or transfer as {@code producer -> consumer}
 */
public record Span(
        ResourceKind kind,
        String resource,
        int request,
        int lane,
        String work,
        double beginSeconds,
        double endSeconds) {}
