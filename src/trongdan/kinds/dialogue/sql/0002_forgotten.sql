-- After the retention of a dialogue's file, by a decision, what was raised and answered goes with its salts (core/papers/erase.py);
-- the commitments that the minutes hold confirm nothing then. The audit rows hold no words and stay.
GRANT DELETE ON td_dialogue_question TO td_job;
