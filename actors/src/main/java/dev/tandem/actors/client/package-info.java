/** What an application holds to deploy a model and ask it. Start at {@link ClusterSession}. */
@NullMarked
package dev.tandem.actors.client;

import org.jspecify.annotations.NullMarked;
