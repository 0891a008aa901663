/** Takes requests, deals them to lanes, collects outputs. Start at {@link GatewayActor}. */
@NullMarked
package dev.tandem.actors.gateway;

import org.jspecify.annotations.NullMarked;
