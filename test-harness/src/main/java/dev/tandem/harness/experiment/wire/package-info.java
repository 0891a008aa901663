/**
 * What tensors cost on the wire, beside plain sockets: two member processes in two network namespaces. Start at
 * {@link WireRun}, which is the measuring side, and at {@link WireEnd}, which is each of the two measured processes.
 */
@NullMarked
package dev.tandem.harness.experiment.wire;

import org.jspecify.annotations.NullMarked;
