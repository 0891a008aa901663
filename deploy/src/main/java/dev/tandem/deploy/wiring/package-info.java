/**
 * Puts the rooms together: settings into core types, and members of a cluster into processes on this machine. Start at
 * {@link dev.tandem.deploy.wiring.LocalCluster}.
 */
@NullMarked
package dev.tandem.deploy.wiring;

import org.jspecify.annotations.NullMarked;
