// SPDX-License-Identifier: Apache-2.0
package org.nxvms.karaf.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Which of Karaf's classes need it. */
final class SubjectWeavingTest {
    /** Fails as soon as a newer Karaf needs less: when nothing is left, this module is to be deleted (ADR 29). */
    @Test
    void theNamedClassesAreThoseThatAskJavaForTheSubject() throws IOException {
        Set<String> asking = new TreeSet<>();
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            if (Path.of(entry).getFileName().toString().matches("org\\.apache\\.karaf\\..*\\.jar")) {
                asking.addAll(askingIn(Path.of(entry)));
            }
        }
        assertThat(asking).isEqualTo(new TreeSet<>(SubjectWeaving.CLASSES));
    }

    private static Set<String> askingIn(Path jar) throws IOException {
        Set<String> found = new TreeSet<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            file.stream().filter(e -> e.getName().endsWith(".class")).forEach(e -> {
                ClassReader reader = new ClassReader(bytes(file, e));
                reader.accept(new Calls(reader.getClassName().replace('/', '.'), found), ClassReader.SKIP_DEBUG);
            });
        }
        return found;
    }

    private static byte[] bytes(JarFile file, ZipEntry entry) {
        try (InputStream stream = file.getInputStream(entry)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Calls extends ClassVisitor {
        private final String name;
        private final Set<String> found;

        Calls(String name, Set<String> found) {
            super(Opcodes.ASM9);
            this.name = name;
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(int access, String method, String type, String generic, String[] thrown) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String called, String types, boolean itf) {
                    if (owner.equals("javax/security/auth/Subject") && called.equals("getSubject")) {
                        found.add(name);
                    }
                }
            };
        }
    }
}
