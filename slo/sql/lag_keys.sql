            -- The keys of a row, in the list of a SELECT: those that are not asked for are `nothing`, a constant. Grain: one
            -- instance. Caller: included by lag_instances and lag_compared.
            toString({group_1:Identifier}) AS key_1,
            toString({group_2:Identifier}) AS key_2,
            toString({group_3:Identifier}) AS key_3,
            toString({group_4:Identifier}) AS key_4,
            toString({group_5:Identifier}) AS key_5,
            toString({group_6:Identifier}) AS key_6,
            toString({group_7:Identifier}) AS key_7,
            toString({group_8:Identifier}) AS key_8,
