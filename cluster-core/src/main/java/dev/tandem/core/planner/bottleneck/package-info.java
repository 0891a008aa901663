/**
 * A chain of blocks over a mesh of nodes where only transfers take time: which blocks each node gets, and which nodes, so
 * that the slowest transfer is as quick as it can be. Start at {@link
 * dev.tandem.core.planner.bottleneck.BottleneckSolver}.
 */
@NullMarked
package dev.tandem.core.planner.bottleneck;

import org.jspecify.annotations.NullMarked;
