// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.server;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.nxvms.platform.api.server.KnownServer;
import org.nxvms.platform.api.server.KnownServers;
import org.nxvms.rest.kit.problem.Fields;

/** Known servers as they travel. */
final class KnownServersBody {
    private KnownServersBody() {}

    /** What a user has. */
    @Schema(name = "KnownServers")
    record Item(
            @Schema(description = "Counts the changes; 0 before the first") long version, List<ServerBody> servers) {
        static Item of(KnownServers known) {
            return new Item(
                    known.version(),
                    known.servers().stream()
                            .map(server -> new ServerBody(server.name(), server.address()))
                            .toList());
        }
    }

    /** What a user is to have. */
    @Schema(name = "KnownServersChange")
    record Change(@Schema(description = "All of them, in the order they are to stand in") List<ServerBody> servers) {
        Change {
            Objects.requireNonNull(servers, "servers");
        }

        KnownServers of(KnownServers before) {
            Fields fields = new Fields();
            fields.check(
                    servers.size() <= KnownServers.SERVERS_MAX,
                    "servers",
                    "\"servers\" has " + servers.size() + ". Give at most " + KnownServers.SERVERS_MAX + ".");
            List<KnownServer> taken = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < Math.min(servers.size(), KnownServers.SERVERS_MAX); i++) {
                String field = "servers[" + i + "]";
                ServerBody server = servers.get(i);
                fields.check(server != null, field, "\"" + field + "\" is null. Leave it out.");
                if (server != null) {
                    server.checked(field, seen, fields).ifPresent(taken::add);
                }
            }
            fields.throwIfAny();
            return new KnownServers(before.version() + 1, taken);
        }
    }

    /** Another server. */
    @Schema(name = "KnownServer")
    record ServerBody(
            @Schema(description = "As the user calls it, 1 to 60 characters", example = "Depot North") String name,
            @Schema(
                            description = "Where its console is: scheme, host and port, without a path",
                            example = "https://north.example")
                    String address) {
        ServerBody {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(address, "address");
        }

        Optional<KnownServer> checked(String field, Set<String> seen, Fields fields) {
            String called = name.strip();
            fields.check(
                    KnownServer.isName(called),
                    field + ".name",
                    "\"" + field + ".name\" must have 1 to " + KnownServer.NAME_CHARS_MAX
                            + " characters, none of them a control character.");
            Optional<String> origin = KnownServer.addressOf(address);
            fields.check(
                    origin.isPresent(),
                    field + ".address",
                    "\"" + field
                            + ".address\" must be like https://north.example or http://192.0.2.7:8080, without user,"
                            + " path or anything behind it, at most " + KnownServer.ADDRESS_CHARS_MAX + " characters.");
            fields.check(
                    origin.isEmpty() || seen.add(origin.get()),
                    field + ".address",
                    "\"" + field + ".address\" is that of one before it. Give each server once.");
            return origin.filter(at -> KnownServer.isName(called)).map(at -> new KnownServer(called, at));
        }
    }

    /** How a server was found. */
    @Schema(name = "KnownServerState")
    record StateBody(
            String address,
            @Schema(
                            type = "string",
                            allowableValues = {"ready", "not_ready", "silent", "not_asked"},
                            description =
                                    "As seen from this server, which is not where the browser is: ready, answers but"
                                            + " does not work, no such server answers, an address that this server does not speak"
                                            + " to. Who answered is not proved")
                    ServerLook.State state) {}
}
