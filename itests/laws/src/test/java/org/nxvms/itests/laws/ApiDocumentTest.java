// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * What a REST resource answers is in the document of its bundle: resources are named to the generator one by one, and one
 * that was forgotten works, is asked by nobody in the access matrix, and is missed by no test.
 */
@AnalyzeClasses(packages = "org.nxvms", importOptions = ImportOption.DoNotIncludeTests.class)
class ApiDocumentTest {
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final String JAXRS = "javax.ws.rs.";
    private static final String BASE = "io.swagger.v3.oas.annotations.servers.Server";

    @ArchTest
    static void eachOperationIsInTheDocument(JavaClasses classes) {
        Set<String> implemented = new TreeSet<>();
        classes.stream().flatMap(one -> one.getMethods().stream()).forEach(method -> METHODS.stream()
                .filter(verb -> method.isAnnotatedWith(JAXRS + verb))
                .forEach(verb -> implemented.add(verb + " " + address(method))));
        Set<String> missing = new TreeSet<>(implemented);
        missing.removeAll(documented());

        assertThat(implemented).hasSizeGreaterThan(100);
        assertThat(missing)
                .as("add its class to <resourceClasses> in its pom.xml")
                .isEmpty();
    }

    private static String address(JavaMethod method) {
        JavaClass resource = method.getOwner();
        String path = value(resource, BASE, "url") + "/" + value(resource, JAXRS + "Path", "value") + "/"
                + value(method, JAXRS + "Path", "value");
        // {name: pattern} is {name} there.
        return path.replaceAll("\\{ *(\\w+) *:[^/]*}", "{$1}")
                .replaceAll("/+", "/")
                .replaceFirst("/$", "");
    }

    private static String value(CanBeAnnotated element, String annotation, String property) {
        if (!element.isAnnotatedWith(annotation)) {
            return "";
        }
        JavaAnnotation<?> found = element instanceof JavaClass one
                ? one.getAnnotationOfType(annotation)
                : ((JavaMethod) element).getAnnotationOfType(annotation);
        return found.get(property).map(Object::toString).orElse("");
    }

    private static Set<String> documented() {
        Set<String> operations = new TreeSet<>();
        Stream.of("bundles", "integrations", "drivers")
                .flatMap(folder -> BuiltBundle.in(folder).stream())
                .forEach(bundle -> {
                    try (JarFile jar = new JarFile(bundle.jar().toFile())) {
                        for (JarEntry entry : jar.stream()
                                .filter(e -> e.getName().matches("OSGI-INF/openapi/.*\\.json"))
                                .toList()) {
                            try (InputStream in = jar.getInputStream(entry)) {
                                collect(new ObjectMapper().readTree(in).path("paths"), operations);
                            }
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return operations;
    }

    private static void collect(JsonNode paths, Set<String> operations) {
        paths.properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            String whole = operation.getValue().at("/servers/0/url").asText("") + "/" + path.getKey();
            operations.add(operation.getKey().toUpperCase(Locale.ROOT) + " "
                    + whole.replaceAll("/+", "/").replaceFirst("/$", ""));
        }));
    }
}
