@org.jspecify.annotations.NullMarked
package dev.linnet.gateway.tls;
