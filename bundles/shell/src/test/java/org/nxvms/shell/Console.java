// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.Session;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A shell session without a shell: services by type, typed lines, captured output. */
final class Console {
    private final Map<Class<?>, Object> services = new HashMap<>();
    private final List<String> prompts = new ArrayList<>();
    private String typed = "";
    private boolean terminal = true;
    private Registry commands;

    <T> Console with(Class<T> type, T service) {
        services.put(type, service);
        return this;
    }

    /** What the shell knows. */
    Console commands(Registry registry) {
        commands = registry;
        return this;
    }

    /** What the user types, on a terminal. */
    Console typing(String text) {
        typed = text;
        return this;
    }

    /** What is piped in, without a terminal. */
    Console piping(String text) {
        typed = text;
        terminal = false;
        return this;
    }

    /** As Karaf keeps who came in by a password. */
    Console as(Principal user) {
        subject = new Subject(true, Set.of(user), Set.of(), Set.of());
        return this;
    }

    List<String> prompts() {
        return prompts;
    }

    /** Runs a command; {@return what it printed} */
    String run(ServerCommand command) throws Exception {
        command.session = session();
        command.context = context();
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            command.execute();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    BundleContext context() {
        return proxy(BundleContext.class, (name, arguments) -> switch (name) {
            case "getServiceReference" -> reference((Class<?>) arguments[0]);
            case "getServiceReferences" ->
                services.containsKey(arguments[0]) ? List.of(reference((Class<?>) arguments[0])) : List.of();
            case "getService" -> services.get(((ServiceReference<?>) arguments[0]).getProperty("type"));
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private ServiceReference<?> reference(Class<?> type) {
        return services.containsKey(type) ? proxy(ServiceReference.class, (name, arguments) -> type) : null;
    }

    /** Null for who came in by the machine's key. */
    private Subject subject;

    Session session() {
        return proxy(Session.class, (name, arguments) -> switch (name) {
            case "readLine" -> readLine((String) arguments[0]);
            case "getKeyboard" -> new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8));
            case "getRegistry" -> commands;
            case "get" -> arguments[0].equals(Subject.class.getName()) ? subject : null;
            case "currentDir" -> Path.of("").toAbsolutePath();
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private String readLine(String prompt) {
        if (!terminal) {
            throw new UnsupportedOperationException();
        }
        prompts.add(prompt);
        return typed;
    }

    /** Answers a method call by its name. */
    interface Answer {
        Object to(String method, Object[] arguments) throws Exception;
    }

    static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                Console.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "toString" -> type.getSimpleName();
                    default -> answer.to(method.getName(), arguments);
                }));
    }
}
