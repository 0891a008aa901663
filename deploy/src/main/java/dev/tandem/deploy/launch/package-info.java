/**
 * Starts, watches and stops the members of a cluster file on their hosts, through ssh or as processes of this machine. Start
 * at {@link dev.tandem.deploy.launch.ClusterLauncher}; what happens on a host is in {@code host.sh}.
 */
@NullMarked
package dev.tandem.deploy.launch;

import org.jspecify.annotations.NullMarked;
