@NullMarked
package dev.linnet.gateway.smuggling;

import org.jspecify.annotations.NullMarked;
