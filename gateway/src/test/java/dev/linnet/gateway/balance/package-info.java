@NullMarked
package dev.linnet.gateway.balance;

import org.jspecify.annotations.NullMarked;
