package org.corestack.mongodb;

import de.bwaldvogel.mongo.MongoServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.NativeAccess;
import org.corestack.testkit.TableContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What of the contract of tables the Java stand-in can show. */
@ExtendWith(StandInSkips.class)
class StandInTableContractTest extends TableContract {
    private final List<MongoServer> servers = new ArrayList<>();
    private String uri = StandInProvider.SCHEME + "://127.0.0.1";

    @Override
    protected String freshDatabase() {
        MongoServer server = StandIn.start();
        servers.add(server);
        uri = StandIn.uri(server);
        return uri;
    }

    @AfterEach
    void stopServers() {
        servers.forEach(MongoServer::shutdownNow);
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    protected Optional<NativeAccess> nativeAccess() {
        return Optional.of(new Handles(uri));
    }
}
