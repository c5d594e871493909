/** Each cell of the table of good answers about one space, in docs/answers.md. */
import { GOOD_ROWS } from './good-rows.ts';
import { registerCells } from './register.ts';

registerCells('[AB23]', 'Good answers about one space', GOOD_ROWS);
