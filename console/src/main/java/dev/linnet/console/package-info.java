/** The console: web pages over the Kubernetes API and the gateways' numbers. Its rights are those of whoever looks. */
@NullMarked
package dev.linnet.console;

import org.jspecify.annotations.NullMarked;
