// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.Principal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.security.auth.Subject;
import org.apache.felix.service.command.CommandSession;
import org.apache.karaf.jaas.boot.principal.ClientPrincipal;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.shell.login.ShellUser;
import org.nxvms.test.kit.NotedTrail;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.service.cm.ConfigurationEvent;

/** Somebody at a shell, bundles of a framework, and the audit beside them. */
final class ShellScene {
    final NotedTrail audit = new NotedTrail();
    final ShellTrail shell;
    long nowNanos;

    ShellScene(Path etc) {
        shell = new ShellTrail(
                InitScripts.in(etc.toString()), new SettingsHands(ConfigurationEvent::getPid, () -> nowNanos));
        shell.withAudit(audit);
    }

    /** {@return the notes so far, one line each, and forgets them} */
    List<String> told() {
        List<String> lines = audit.notes.stream().map(ShellScene::line).toList();
        audit.notes.clear();
        return lines;
    }

    private static String line(AuditNote note) {
        return note.actor().name() + (note.done() ? " " : " failed ") + note.action() + " " + note.subject() + " "
                + fields(note.before()) + fields(note.after());
    }

    private static String fields(Map<String, String> fields) {
        return fields.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(Collectors.joining(" ", "[", "]"));
    }

    static CommandSession sessionOf(String user) {
        return session(
                new ShellUser(UUID.nameUUIDFromBytes(user.getBytes()), user),
                new ClientPrincipal("ssh", "/127.0.0.1:51234"));
    }

    static CommandSession sessionOfTheMachine() {
        return session();
    }

    private static CommandSession session(Principal... principals) {
        Map<String, Object> holds = new HashMap<>();
        holds.put(
                Subject.class.getName(), new Subject(true, Set.copyOf(Arrays.asList(principals)), Set.of(), Set.of()));
        return proxy(CommandSession.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "get" -> holds.get((String) arguments[0]);
            case "put" -> holds.put((String) arguments[0], arguments[1]);
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> throw new AssertionError(method.getName());
        });
    }

    static Bundle bundle(long id, String name, String version, String location) {
        return proxy(Bundle.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getBundleId" -> id;
            case "getSymbolicName" -> name;
            case "getVersion" -> Version.parseVersion(version);
            case "getLocation" -> location;
            case "hashCode" -> (int) id;
            case "equals" -> proxy == arguments[0];
            case "toString" -> name;
            default -> throw new AssertionError(method.getName());
        });
    }

    static <T> T proxy(Class<T> type, InvocationHandler answers) {
        return type.cast(Proxy.newProxyInstance(ShellScene.class.getClassLoader(), new Class<?>[] {type}, answers));
    }
}
