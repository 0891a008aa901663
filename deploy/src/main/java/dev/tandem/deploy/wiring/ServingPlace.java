package dev.tandem.deploy.wiring;

import dev.tandem.actors.client.ClusterSession;
import dev.tandem.actors.client.Deployment;
import dev.tandem.actors.client.SessionGateway;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.config.TandemSettings;
import java.util.concurrent.TimeoutException;

/** What {@link ListedModels} needs of a process's seat in the cluster. */
interface ServingPlace {

    /** The settings as they are now. */
    TandemSettings settings();

    /** Another gateway, for another model. */
    Gateway open();

    /** As {@link SessionGateway}. */
    interface Gateway {

        Deployment deploy(OfferedModel model, DeployOrder order) throws TimeoutException, InterruptedException;

        void problem(String reason);

        boolean hasEnded();

        /** Withdraws what it serves, and ends it. */
        void close() throws InterruptedException;
    }

    /** That of a session. */
    static ServingPlace of(ClusterSession session) {
        return new ServingPlace() {
            @Override
            public TandemSettings settings() {
                return session.settings().current();
            }

            @Override
            public Gateway open() {
                return gateway(session, session.openGateway());
            }
        };
    }

    private static Gateway gateway(ClusterSession session, SessionGateway gateway) {
        return new Gateway() {
            @Override
            public Deployment deploy(OfferedModel model, DeployOrder order)
                    throws TimeoutException, InterruptedException {
                return gateway.deploy(model.model(), model.profile(), order, session.patience());
            }

            @Override
            public void problem(String reason) {
                gateway.problem(reason);
            }

            @Override
            public boolean hasEnded() {
                return gateway.hasEnded();
            }

            @Override
            public void close() throws InterruptedException {
                session.close(gateway);
            }
        };
    }
}
